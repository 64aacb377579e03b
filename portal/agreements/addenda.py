"""Addenda: how an agreement in force is changed. Opening one, writing it, finding it.

There is one at a time, so that each is drawn from all that was signed before it. What it may not
touch: the package, the parties, the first day, and years that are over before it applies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.agreements import compute, drafting, in_force
from portal.agreements.addendum_states import workflow
from portal.agreements.in_force import Layer
from portal.agreements.models import (
    Addendum,
    AddendumStatus,
    AddendumVersion,
    Agreement,
    AgreementParty,
    Status,
)
from portal.agreements.models.addendum import OPEN
from portal.agreements.states import changes_since
from portal.agreements.states import workflow as agreement_workflow
from portal.agreements.terms import SettledYear, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from portal.core.i18n import N_, long_date
from portal.core.permissions import Actor, Permission

FIXED = ("formula", "shape", "edition", "starts_on", "legal_grounds")
_KEPT_OF_A_PARTY = ("organisation_id", "kind")


@dataclass(frozen=True)
class Ground:
    """Why an addendum, and from which day it is to apply."""

    reason: str
    from_on: date | None


def open_one(agreement: Agreement) -> Addendum | None:
    """Return the addendum that is written, discussed or signed now, if any."""
    return next((one for one in agreement.addenda if one.status in OPEN), None)


def may_open(actor: Actor, agreement: Agreement) -> bool:
    """Say whether this person can begin an addendum to this agreement now."""
    begins = agreement.status == Status.ACTIVE and open_one(agreement) is None
    return begins and actor.can(Permission.AGREEMENT_MANAGE)


def start(actor: Actor, agreement: Agreement, *, longer: bool = False) -> Addendum:
    """Return the draft of an addendum, begun from the terms as they are; the one there is when HSV
    is writing one. longer: for as long again as was agreed, from the day after the end.

    Raises ConflictError when the agreement is not in force, DomainError when an addendum lies with
    the partners.
    """
    if not actor.can(Permission.AGREEMENT_MANAGE):
        raise NotAllowedError(N_("Je rol laat deze stap niet toe."))
    agreement_workflow.expect(agreement, None)
    db.session.refresh(agreement, ["addenda"])
    found = open_one(agreement)
    if found is not None and found.number is None:
        return found
    if found is not None:
        words = N_("Addendum %(number)s loopt nog. Rond dat eerst af: één tegelijk.")
        raise DomainError(words, None, number=found.number)
    if agreement.status != Status.ACTIVE:
        message = N_("Alleen een overeenkomst die van kracht is, wijzig je met een addendum.")
        raise ConflictError(message, changes_since(agreement, 0))
    terms = in_force.concluded(agreement)
    made = Addendum(
        agreement_id=agreement.id,
        status=AddendumStatus.DRAFT,
        terms=terms,
        renewed_until=agreement.renewed_until,
        opened_by_id=actor.account_id,
        opened_at=clock.now(),
        changed_at=clock.now(),
    )
    if longer:
        _lengthen(made, terms)
    agreement.addenda.append(made)
    db.session.flush()
    workflow.fire(made, "open", actor)
    return made


def _lengthen(made: Addendum, terms: Terms) -> None:
    assert terms.ends_on is not None
    since = made.from_on = terms.ends_on + timedelta(days=1)
    until = drafting.last_day(since, max(terms.renewal_years, 1))
    made.terms = drafting.with_dates(terms, terms.starts_on, until)
    made.reason = f"De partijen willen na {long_date(terms.ends_on)} verder samenwerken."


def save(actor: Actor, addendum: Addendum, terms: Terms, version: int | None) -> None:
    """Keep the draft. Raises ConflictError, or NotAllowedError for what an addendum leaves be."""
    workflow.expect(addendum, version)
    base = in_force.concluded(addendum.agreement)
    if beyond(base, terms):
        raise NotAllowedError(
            N_("Dat verandert niet met een addendum. Sluit daarvoor een nieuwe overeenkomst.")
        )
    wanted = settled(base, terms, addendum.from_on)
    if wanted != addendum.terms:
        addendum.terms = wanted
        workflow.fire(addendum, "edit", actor, fields={"terms_json"})


def set_ground(actor: Actor, addendum: Addendum, ground: Ground, version: int | None) -> None:
    """Keep why and from when. Raises ConflictError or DomainError."""
    workflow.expect(addendum, version)
    if ground.from_on is not None and ground.from_on < clock.today():
        raise DomainError(
            N_("Een addendum gaat niet in voor vandaag: wat al liep, blijft zoals het was."),
            "from_on",
        )
    base = in_force.concluded(addendum.agreement)
    addendum.reason, addendum.from_on = ground.reason, ground.from_on
    addendum.terms = settled(base, addendum.terms, ground.from_on)
    workflow.fire(addendum, "edit", actor, fields={"reason", "from_on"})


def discard(actor: Actor, addendum: Addendum, version: int | None) -> None:
    """Throw away a draft that no partner saw."""
    workflow.expect(addendum, version)
    workflow.fire(addendum, "discard", actor)


def beyond(base: Terms, wanted: Terms) -> set[str]:
    """Return the fields that were changed and are not an addendum's to change."""
    found = {name for name in FIXED if getattr(base, name) != getattr(wanted, name)}
    if len(base.partners) != len(wanted.partners):
        return found | {"partners"}
    pairs = zip(base.partners, wanted.partners, strict=True)
    same = all(getattr(a, n) == getattr(b, n) for a, b in pairs for n in _KEPT_OF_A_PARTY)
    return found if same else found | {"partners"}


def settled(base: Terms, wanted: Terms, from_on: date | None) -> Terms:
    """Return the terms with the years that are over by then shared as they were.

    A share holds for every year of the term; without this an addendum would share out the past
    anew.
    """
    plain = wanted.with_(settled=())
    if from_on is None:
        return plain
    over = {y.year: y.shares_cents for y in compute.totals(base) if y.year < from_on.year}
    shared = {y.year: y.shares_cents for y in compute.totals(plain)}
    kept = (SettledYear(y, cents) for y, cents in over.items() if shared.get(y, cents) != cents)
    return wanted.with_(settled=tuple(kept))


def layers_with(addendum: Addendum) -> list[Layer]:
    """Return the layers of the agreement as they will be with this addendum; it needs its day."""
    assert addendum.from_on is not None
    layers = in_force.layers(addendum.agreement)
    return [*layers, Layer(addendum.terms, addendum.from_on, addendum.number)]


def draft_of(agreement: Agreement) -> Addendum:
    """Return the addendum HSV can write in. Raises ConflictError when there is none."""
    found = open_one(agreement)
    if found is None or found.status not in (AddendumStatus.DRAFT, AddendumStatus.PROPOSED):
        message = N_("Er is geen addendum dat je nu kunt wijzigen.")
        raise ConflictError(message, changes_since(agreement, 0))
    return found


def find(actor: Actor, agreement: Agreement, number: int) -> Addendum:
    """Return an addendum this person may see, of an agreement it may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Addendum).where(
            Addendum.agreement_id == agreement.id,
            Addendum.number == number,
            Addendum.visible_to(actor),
        )
    )
    if found is None:
        raise NotFoundError()
    return found


def readable(actor: Actor, agreement: Agreement) -> list[Addendum]:
    """Return the addenda of an agreement this person may see, the newest first."""
    rows = db.session.scalars(
        select(Addendum)
        .where(Addendum.agreement_id == agreement.id, Addendum.visible_to(actor))
        .options(joinedload(Addendum.versions))
        .order_by(Addendum.id.desc())
    )
    return list(rows.unique())


def open_ones(actor: Actor) -> Sequence[Addendum]:
    """Return the addenda on which somebody is to act, of agreements this person may see."""
    rows = db.session.scalars(
        select(Addendum)
        .join(Agreement)
        .where(Agreement.visible_to(actor), Addendum.visible_to(actor), Addendum.status.in_(OPEN))
        .options(
            joinedload(Addendum.agreement)
            .selectinload(Agreement.parties)
            .joinedload(AgreementParty.organisation),
            selectinload(Addendum.versions).selectinload(AddendumVersion.answers),
            selectinload(Addendum.decisions),
        )
        .order_by(Addendum.changed_at.desc(), Addendum.id)
    )
    return rows.all()
