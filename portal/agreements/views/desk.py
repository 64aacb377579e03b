"""Whose draft is on the table: HSV's own, or the counter-proposal of one partner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.agreements import drafting, drafting_checks, listing, present, present_money
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
from portal.agreements.models import Agreement, CounterDraft
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
    """A draft being written. `partner`: it is a partner's counter-proposal."""

    actor: Actor
    agreement: Agreement
    counter: CounterDraft | None = None

    @property
    def partner(self) -> bool:
        return self.counter is not None

    @property
    def terms(self) -> Terms:
        return self.counter.terms if self.counter else self.agreement.terms

    @property
    def version(self) -> int:
        return self.counter.version if self.counter else self.agreement.version

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
        if self.counter:
            drafting.save_counter(self.actor, self.counter, terms, version)
        else:
            drafting.save(self.actor, self.agreement, terms, version)

    def url(self, step: str) -> str:
        """Return the address of a step."""
        endpoint = "agreements.counter" if self.partner else "agreements.edit"
        return url_for(endpoint, reference=self.agreement.reference, step=step)

    def party_url(self, position: int) -> str | None:
        """Return where a party is changed: HSV all of them, a partner only itself."""
        reference = self.agreement.reference
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
            "remarks": [one for one in said(drafting_checks.remarks(shown)) if one.step == step],
            "money_steps": MONEY_STEPS,
        }

    def todo(self) -> dict[str, list[Remark]]:
        """Return what still keeps the draft from being proposed, per step."""
        found: dict[str, list[Remark]] = {step: [] for step in STEPS}
        for remark in drafting_checks.blocking(self.terms):
            found[remark.step].append(remark)
        return found

    def next_step(self, step: str) -> str:
        """Return the step after this one."""
        names = list(STEPS)
        return names[min(names.index(step) + 1, len(names) - 1)]


def hsv_desk(actor: Actor, reference: str) -> Desk:
    """Return HSV's draft. Raises NotFoundError, or ConflictError once nothing can change."""
    agreement = listing.find(actor, reference)
    if agreement.status not in (Status.DRAFT, *NEGOTIABLE):
        message = N_("De tekst van deze overeenkomst ligt vast.")
        raise ConflictError(message, changes_since(agreement, 0))
    return Desk(actor, agreement)


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
