"""Whose draft is on the table: HSV's own, or the counter-proposal of one partner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.agreements import (
    addenda,
    addendum_checks,
    drafting,
    drafting_checks,
    listing,
    present,
    present_money,
)
from portal.agreements.drafting_checks import (
    BUDGET,
    CAPACITY,
    DURATION,
    PAYMENT,
    SERVICES,
    SHARES,
    STEPS,
    Remark,
)
from portal.agreements.models import Addendum, Agreement, CounterDraft
from portal.agreements.models.agreement import NEGOTIABLE, Status
from portal.agreements.states import changes_since
from portal.agreements.terms import Terms
from portal.core.errors import ConflictError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor

# Steps whose answers move amounts: what it costs stands beneath the questions.
MONEY_STEPS = (SERVICES, CAPACITY, BUDGET, SHARES, PAYMENT, DURATION)


@dataclass(frozen=True)
class Said:
    """A remark in the reader's words."""

    step: str
    words: str
    blocking: bool


def said(remarks: Iterable[Remark]) -> list[Said]:
    """Return remarks in the reader's words."""
    return [Said(r.step, gettext(r.message, **dict(r.values)), r.blocking) for r in remarks]


@dataclass(frozen=True)
class Desk:
    """A draft being written. `partner`: it is a partner's counter-proposal.

    With an addendum it is that one's: what an addendum leaves be is not asked.
    """

    actor: Actor
    agreement: Agreement
    counter: CounterDraft | None = None
    addendum: Addendum | None = None

    @property
    def partner(self) -> bool:
        return self.counter is not None

    @property
    def fixed(self) -> frozenset[str]:
        """The fields no form of this draft asks."""
        return frozenset(addenda.FIXED) if self.addendum else frozenset()

    @property
    def _draft(self) -> Addendum | CounterDraft | Agreement:
        return self.addendum or self.counter or self.agreement

    @property
    def terms(self) -> Terms:
        return self._draft.terms

    @property
    def version(self) -> int:
        return self._draft.version

    @property
    def stale(self) -> bool:
        """Whether a newer version was proposed since this counter-proposal was begun."""
        latest = self.agreement.latest
        return (
            self.counter is not None
            and latest is not None
            and (latest.number != self.counter.number)
        )

    def save(self, terms: Terms, version: int | None) -> None:
        """Keep the draft. Raises ConflictError when somebody else saved first."""
        if self.addendum:
            addenda.save(self.actor, self.addendum, terms, version)
        elif self.counter:
            drafting.save_counter(self.actor, self.counter, terms, version)
        else:
            drafting.save(self.actor, self.agreement, terms, version)

    def url(self, step: str) -> str:
        """Return the address of a step."""
        endpoint = "agreements.counter" if self.partner else "agreements.edit"
        if self.addendum:
            endpoint = "agreements.amend"
            if step == addendum_checks.GROUND:
                return url_for("agreements.ground", reference=self.agreement.reference)
        return url_for(endpoint, reference=self.agreement.reference, step=step)

    def party_url(self, position: int) -> str | None:
        """Return where a party is changed: HSV all of them, a partner only itself."""
        reference = self.agreement.reference
        if self.addendum:
            return url_for("agreements.amend_party", reference=reference, position=position)
        if self.counter is None:
            return url_for("agreements.edit_party", reference=reference, position=position)
        own = self.terms.parties[position].organisation_id == self.counter.organisation_id
        return url_for("agreements.counter_party", reference=reference) if own else None

    def page(self, step: str, terms: Terms | None = None) -> dict[str, Any]:
        """Return what every page of the wizard shows; `terms`: as typed, when not saved."""
        shown = terms or self.terms
        return {
            "desk": self,
            "agreement": self.agreement,
            "step": step,
            "terms": shown,
            "cards": [
                (party, present.party_rows(party), self.party_url(position))
                for position, party in enumerate(shown.parties)
            ],
            "money": present_money.table(shown),
            "remarks": [one for one in said(self._remarks(shown)) if one.step == step],
            "money_steps": MONEY_STEPS,
        }

    def todo(self) -> dict[str, list[Remark]]:
        """Return what still keeps the draft from being proposed, per step."""
        found: dict[str, list[Remark]] = {step: [] for step in self.steps}
        for remark in self.remarks():
            if remark.blocking:
                found[remark.step].append(remark)
        return found

    @property
    def steps(self) -> dict[str, str]:
        """The steps in order: the word in the address, and what it is called."""
        return {addendum_checks.GROUND: N_("Aanleiding"), **STEPS} if self.addendum else STEPS

    def remarks(self) -> list[Remark]:
        """Return everything to look at before proposing."""
        return self._remarks(self.terms)

    def _remarks(self, terms: Terms) -> list[Remark]:
        if self.addendum:
            return addendum_checks.remarks(self.addendum, terms)
        return drafting_checks.remarks(terms)

    def next_step(self, step: str) -> str:
        """Return the step after this one."""
        names = list(self.steps)
        return names[min(names.index(step) + 1, len(names) - 1)]


def hsv_desk(actor: Actor, reference: str) -> Desk:
    """Return HSV's draft. Raises NotFoundError, or ConflictError once nothing can change."""
    agreement = listing.find(actor, reference)
    if agreement.status not in (Status.DRAFT, *NEGOTIABLE):
        message = N_("De tekst van deze overeenkomst ligt vast.")
        raise ConflictError(message, changes_since(agreement, 0))
    return Desk(actor, agreement)


def addendum_desk(actor: Actor, reference: str) -> Desk:
    """Return the addendum HSV is writing. Raises NotFoundError, or ConflictError for none."""
    agreement = listing.find(actor, reference)
    return Desk(actor, agreement, addendum=addenda.draft_of(agreement))


def partner_desk(actor: Actor, reference: str) -> Desk:
    """Return the counter-proposal this person's organisation is writing.

    Raises NotFoundError when it has none, ConflictError when the negotiation is over.
    """
    agreement = listing.find(actor, reference)
    counter = drafting.counter_of(actor, agreement)
    if counter is None:
        raise NotFoundError()
    if agreement.status not in NEGOTIABLE:
        message = N_("De tekst van deze overeenkomst ligt vast.")
        raise ConflictError(message, changes_since(agreement, 0))
    return Desk(actor, agreement, counter)
