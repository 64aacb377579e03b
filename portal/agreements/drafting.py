"""Writing the terms of an agreement before they are proposed: HSV's draft, and a partner's own.

HSV's draft hangs on the agreement. A partner that wants other terms writes a counter-proposal of
its own, drawn from the newest version; nobody else sees it until it is proposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from portal.agreements import compute, drafting_parties, legal, packages, pricing
from portal.agreements.calendar_years import BudgetYear
from portal.agreements.models import Agreement, AgreementParty, CounterDraft, Enquiry
from portal.agreements.models.agreement import NEGOTIABLE
from portal.agreements.opening import open_draft
from portal.agreements.states import changes_since, workflow
from portal.agreements.terms import Formula, Indexation, Terms
from portal.core import audit, clock, money
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotAllowedError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.directory.gazetteer import courts
from portal.directory.models import Organisation

SDGS = (1, 3, 4, 10, 11, 17)  # those Home-Start works on with local governments
NOT_FOR_PARTNERS = frozenset(
    {"formula", "shape", "edition", "title", "hsv", "legal_grounds", "sdgs", "court"}
)
_KEPT_OF_A_PARTY = ("organisation_id", "name", "kind")


@dataclass(frozen=True)
class Opening:
    """What it takes to begin a draft: the package, who with, where, and for how long."""

    formula: Formula
    organisations: tuple[Organisation, ...]
    starts_on: date
    years: int
    title: str = ""
    area: tuple[str, ...] = ()  # NIS codes, beside those of the partners


def start(actor: Actor, opening: Opening, enquiry: Enquiry | None = None) -> Agreement:
    """Open a draft filled with what the package in use brings. Raises DomainError."""
    edition = packages.active_edition()
    terms = first_terms(opening).with_(edition=edition.number)
    filled = pricing.fill_in(terms, packages.offer_of(edition))
    return open_draft(filled, actor, edition=edition, enquiry=enquiry)


def first_terms(opening: Opening) -> Terms:
    """Return the terms of an opening before any package: parties, area, dates, legal grounds."""
    if not opening.organisations:
        raise DomainError(N_("Kies minstens één partner."), "partner")
    today = clock.today()
    terms = Terms(
        formula=opening.formula,
        hsv=drafting_parties.home_start(),
        starts_on=opening.starts_on,
        ends_on=last_day(opening.starts_on, opening.years),
        legal_grounds=tuple(g.text for g in legal.grounds_on("considerations", today)),
        sdgs=SDGS,
        indexation=Indexation(base_month=_month_before(opening.starts_on)),
    )
    for organisation in opening.organisations:
        terms = drafting_parties.with_partner(terms, organisation)
    for nis in opening.area:
        terms = drafting_parties.with_place(terms, nis)
    title = opening.title or _usual_title(terms)
    court = courts()[terms.area[0].nis] if terms.area else ""
    place = terms.area[0].name if terms.area else ""
    return terms.with_(title=title, court=court, place=place)


def last_day(starts_on: date, years: int) -> date:
    """Return the last day of a term of whole years: the day before the anniversary."""
    try:
        anniversary = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # from 29 February
        anniversary = date(starts_on.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def with_dates(terms: Terms, starts_on: date | None, ends_on: date | None) -> Terms:
    """Return the terms with other dates, every amount per year moved along.

    The first year stays the first; a year with more or fewer months costs in proportion; a year
    that is added costs what the last one did.
    """
    moved = terms.with_(starts_on=starts_on, ends_on=ends_on)
    before, after = terms.years, moved.years
    if before == after or not before or not after:
        return moved

    def follow(cents: Sequence[int]) -> tuple[int, ...]:
        return tuple(_amount(cents, before, n, year) for n, year in enumerate(after))

    return moved.with_(
        lines=compute.with_overhead([replace(x, cents=follow(x.cents)) for x in terms.lines]),
        income=tuple(replace(x, cents=follow(x.cents)) for x in terms.income),
        partners=tuple(
            replace(p, share=replace(p.share, per_year=follow(p.share.per_year)))
            if p.share.per_year
            else p
            for p in terms.partners
        ),
    )


def _amount(cents: Sequence[int], before: Sequence[BudgetYear], n: int, year: BudgetYear) -> int:
    at = min(n, len(before) - 1)
    amount = cents[at] if at < len(cents) else 0
    return money.round_cents(Fraction(amount * year.months, before[at].months))


def save(actor: Actor, agreement: Agreement, terms: Terms, version: int | None) -> None:
    """Keep HSV's draft as it is now. Raises ConflictError when somebody saved in between."""
    workflow.expect(agreement, version)
    if terms == agreement.terms:
        return
    agreement.terms = terms
    if agreement.first_proposed_at is None:
        follow_parties(agreement, terms)
    workflow.fire(agreement, "edit", actor, fields={"terms_json"})


def follow_parties(agreement: Agreement, terms: Terms) -> None:
    """Bring the rows by which partners see the agreement in line with its terms."""
    wanted = [p.organisation_id for p in terms.partners if p.organisation_id is not None]
    for row in list(agreement.parties):
        if row.organisation_id not in wanted:
            agreement.parties.remove(row)
    known = {row.organisation_id: row for row in agreement.parties}
    for position, organisation_id in enumerate(wanted):
        if organisation_id in known:
            known[organisation_id].position = position
        else:
            row = AgreementParty(organisation_id=organisation_id, position=position)
            agreement.parties.append(row)


def counter_of(actor: Actor, agreement: Agreement) -> CounterDraft | None:
    """Return the counter-proposal this person's organisation is writing, if any."""
    return db.session.scalar(
        select(CounterDraft).where(
            CounterDraft.agreement_id == agreement.id, CounterDraft.visible_to(actor)
        )
    )


def open_counter(actor: Actor, agreement: Agreement) -> CounterDraft:
    """Return the counter-proposal of this person's organisation, begun from the newest version.

    Raises DomainError when the agreement is not being negotiated.
    """
    found = counter_of(actor, agreement)
    if found is not None:
        return found
    latest = agreement.latest
    if not actor.can(Permission.AGREEMENT_NEGOTIATE) or actor.organisation_id is None:
        raise NotAllowedError(N_("Je rol laat deze stap niet toe."))
    if agreement.status not in NEGOTIABLE or latest is None:
        raise ConflictError(N_("Deze stap kan nu niet meer."), changes_since(agreement, 0))
    draft = CounterDraft(
        agreement_id=agreement.id,
        organisation_id=actor.organisation_id,
        number=latest.number,
        terms=latest.terms,
        changed_by_id=actor.account_id,
        changed_at=clock.now(),
    )
    db.session.add(draft)
    db.session.flush()
    audit.record("agreement_counter_draft:open", draft, actor=actor)
    return draft


def save_counter(actor: Actor, draft: CounterDraft, terms: Terms, version: int | None) -> None:
    """Keep a partner's draft. Raises ConflictError or NotAllowedError."""
    db.session.refresh(draft, with_for_update=True)
    if version is not None and version != draft.version:
        message = N_("Een collega heeft dit tegenvoorstel intussen aangepast.")
        raise ConflictError(message)
    base = next(v for v in draft.agreement.versions if v.number == draft.number)
    if beyond(base.terms, terms, draft.organisation_id):
        raise NotAllowedError(N_("Dat kun je niet zelf wijzigen. Maak er een opmerking over."))
    if terms == draft.terms:
        return
    draft.terms = terms
    draft.changed_by_id, draft.changed_at = actor.account_id, clock.now()
    audit.record("agreement_counter_draft:edit", draft, actor=actor, fields={"terms_json"})


def discard_counter(actor: Actor, draft: CounterDraft) -> None:
    """Throw a counter-proposal away that was not made."""
    audit.record("agreement_counter_draft:discard", draft, actor=actor)
    db.session.delete(draft)


def beyond(base: Terms, wanted: Terms, organisation_id: int) -> set[str]:
    """Return the fields a partner changed that are not a partner's to change.

    Not: the package, HSV, the legal grounds, and what the other partners say about themselves
    (their share of the cost excepted: that is what is negotiated).
    """
    found = {name for name in NOT_FOR_PARTNERS if getattr(base, name) != getattr(wanted, name)}
    if base.formula != Formula.CUSTOM and base.services != wanted.services:
        found.add("services")
    if len(base.partners) != len(wanted.partners):
        return found | {"partners"}
    for before, after in zip(base.partners, wanted.partners, strict=True):
        own = before.organisation_id == organisation_id
        names = _KEPT_OF_A_PARTY if own else _names_of(before) - {"share"}
        found |= {"partners" for n in names if getattr(before, n) != getattr(after, n)}
    return found


def _names_of(value: Any) -> set[str]:
    return {one.name for one in fields(value)}


def _usual_title(terms: Terms) -> str:
    names = [place.name for place in terms.area] or [party.name for party in terms.partners]
    together = " en ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    return f"Home-Start in {together}"[:200]


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
