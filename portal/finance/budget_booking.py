"""Booking costs, income and commitments by hand, and putting a mistake right.

Nothing booked ever changes: a counter-booking takes it back, whole. A commitment is released by
the cost that pays it, or when it falls away; taking that cost back restores the commitment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.core import audit, clock, documents, text, uploads
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance import budget_warnings
from portal.finance.models import (
    BOOKABLE,
    Booking,
    BookingDocument,
    BookingKind,
    Budget,
    BudgetLine,
    YearStatus,
)

KIND_LABELS = {BookingKind.ACTUAL: N_("Geboekt"), BookingKind.COMMITMENT: N_("Vastgelegd")}
CLOSED = N_("Dit jaar is afgesloten: er kan niets meer op geboekt worden.")


@dataclass(frozen=True)
class Entry:
    """What is to be booked. cents: above 0, or below for a credit note of a supplier."""

    line_id: int
    kind: BookingKind
    booked_on: date
    cents: int
    supplier: str = ""
    description: str = ""
    voucher: str = ""


def hold(budget: Budget) -> None:
    """Wait for whoever is booking on this budget or closing it. Raises DomainError once closed."""
    db.session.refresh(budget, ("status", "version"), with_for_update=True)
    if budget.status == YearStatus.CLOSED:
        raise DomainError(CLOSED)


def find(budget: Budget, booking_id: int) -> Booking:
    """Return a booking of this budget. Raises NotFoundError."""
    found = db.session.scalar(
        select(Booking)
        .where(Booking.id == booking_id, Booking.budget_id == budget.id)
        .options(
            joinedload(Booking.line),
            selectinload(Booking.documents).joinedload(BookingDocument.document),
        )
    )
    if found is None:
        raise NotFoundError()
    return found


def lines_for(budget: Budget, kind: BookingKind) -> list[BudgetLine]:
    """Return the lines on which something of a kind can be booked, in order."""
    query = select(BudgetLine).where(
        BudgetLine.budget_id == budget.id, BudgetLine.kind.in_(BOOKABLE[kind])
    )
    return list(db.session.scalars(query.order_by(BudgetLine.position, BudgetLine.id)))


def check(budget: Budget, entry: Entry, line: BudgetLine | None) -> None:
    """Raise DomainError, naming the field, for what cannot be booked."""
    if line is None or line.budget_id != budget.id:
        raise DomainError(N_("Kies een lijn van deze begroting."), "line_id")
    if line.kind not in BOOKABLE[entry.kind]:
        raise DomainError(N_("Op deze lijn kan dit niet geboekt worden."), "line_id")
    if entry.booked_on.year != budget.year:
        raise DomainError(
            N_("Deze datum ligt niet in %(year)s. Boek in de begroting van het juiste jaar."),
            "booked_on",
            year=budget.year,
        )
    if entry.kind == BookingKind.ACTUAL and entry.booked_on > clock.today():
        raise DomainError(N_("Deze datum moet nog komen. Leg het bedrag vast."), "booked_on")
    if entry.cents == 0:
        raise DomainError(N_("Een bedrag is niet nul."), "cents")
    if entry.kind == BookingKind.COMMITMENT and entry.cents < 0:
        raise DomainError(N_("Een vastlegging is een bedrag boven nul."), "cents")
    if not entry.supplier and not entry.description:
        raise DomainError(N_("Vul een leverancier of een omschrijving in."), "description")


def book(
    budget: Budget,
    entry: Entry,
    by: Actor,
    *,
    pays: Booking | None = None,
    pays_all: bool = False,
    again: bool = False,
) -> Booking:
    """Book one amount. Raises DomainError.

    pays: the commitment this cost pays, released by as much; pays_all: and nothing more will come.
    again: though it looks like one that was booked before.
    """
    hold(budget)
    check(budget, entry, db.session.get(BudgetLine, entry.line_id))
    if not again and (earlier := duplicates(budget, [entry])[0]) is not None:
        raise DomainError(
            N_("Op %(day)s werd al hetzelfde geboekt. Klopt het toch, vink dan aan dat het mag."),
            "again",
            day=f"{earlier.booked_on:%d/%m/%Y}",
        )
    if pays is not None:
        _check_pays(budget, pays, entry)
    made = store(budget, entry, by)
    if pays is not None:
        left = open_cents(pays)
        released = left if pays_all else min(left, max(made.cents, 0))
        if released:
            _release(budget, pays, released, by, because_of=made)
    audit.record("budget:book", made, actor=by, fields={"cents", "line_id"})
    budget_warnings.note(budget)
    return made


def store(budget: Budget, entry: Entry, by: Actor, import_id: int | None = None) -> Booking:
    """Add one row; the caller holds the budget and checked the entry."""
    made = Booking(
        budget_id=budget.id,
        line_id=entry.line_id,
        kind=entry.kind,
        booked_on=entry.booked_on,
        cents=entry.cents,
        supplier=entry.supplier,
        description=entry.description,
        voucher=entry.voucher,
        import_id=import_id,
        account_id=by.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _check_pays(budget: Budget, pays: Booking, entry: Entry) -> None:
    if (
        pays.budget_id != budget.id
        or pays.kind != BookingKind.COMMITMENT
        or is_release(pays)
        or entry.kind != BookingKind.ACTUAL
    ):
        raise DomainError(N_("Kies een vastlegging van deze begroting."), "pays_id")
    if pays.line_id != entry.line_id:
        raise DomainError(N_("Deze vastlegging staat op een andere lijn."), "pays_id")
    if open_cents(pays) <= 0:
        raise DomainError(N_("Deze vastlegging is al helemaal vrijgegeven."), "pays_id")


def open_cents(commitment: Booking) -> int:
    """Return what of a commitment is neither paid nor fallen away."""
    rows = or_(
        Booking.id == commitment.id,
        Booking.releases_id == commitment.id,
        Booking.reverses_id == commitment.id,
    )
    return int(db.session.scalar(select(func.coalesce(func.sum(Booking.cents), 0)).where(rows)))  # type: ignore[arg-type]


def open_commitments(budget: Budget) -> list[tuple[Booking, int]]:
    """Return the commitments with something left, and how much, the oldest first."""
    release = aliased(Booking)
    released = func.coalesce(func.sum(release.cents), 0)
    rows = db.session.execute(
        select(Booking, released)
        .outerjoin(
            release, or_(release.releases_id == Booking.id, release.reverses_id == Booking.id)
        )
        .where(
            Booking.budget_id == budget.id,
            Booking.kind == BookingKind.COMMITMENT,
            Booking.releases_id.is_(None),
            Booking.reverses_id.is_(None),
        )
        .options(selectinload(Booking.line))
        .group_by(Booking.id)
        .having(Booking.cents + released > 0)
        .order_by(Booking.booked_on, Booking.id)
    )
    return [(booking, booking.cents + int(gone)) for booking, gone in rows]


def let_go(budget: Budget, commitment: Booking, by: Actor) -> None:
    """Release what is left of a commitment that falls away. Raises DomainError without any."""
    hold(budget)
    left = open_cents(commitment)
    if commitment.kind != BookingKind.COMMITMENT or is_release(commitment) or left <= 0:
        raise DomainError(N_("Deze vastlegging is al helemaal vrijgegeven."))
    _release(budget, commitment, left, by)
    audit.record("budget:let_go", commitment, actor=by, fields={"cents"})
    budget_warnings.note(budget)


def is_release(booking: Booking) -> bool:
    """Say whether a row only takes something back: a release or a counter-booking."""
    return booking.releases_id is not None or booking.reverses_id is not None


def _release(
    budget: Budget, commitment: Booking, cents: int, by: Actor, because_of: Booking | None = None
) -> None:
    db.session.add(
        Booking(
            budget_id=budget.id,
            line_id=commitment.line_id,
            kind=BookingKind.COMMITMENT,
            booked_on=because_of.booked_on if because_of else day_within(budget),
            cents=-cents,
            supplier=commitment.supplier,
            description=commitment.description,
            voucher=commitment.voucher,
            releases_id=commitment.id,
            because_of_id=because_of.id if because_of else None,
            account_id=by.account_id,
            at=clock.now(),
        )
    )
    db.session.flush()


def day_within(budget: Budget) -> date:
    """Return today, or the nearest day of the budget's year."""
    return min(max(clock.today(), date(budget.year, 1, 1)), date(budget.year, 12, 31))


def may_counter(booking: Booking) -> bool:
    """Say whether a booking can be taken back: whole, once, and not when part of it is paid."""
    if is_release(booking):
        return False
    taken = select(exists(select(Booking.id).where(Booking.reverses_id == booking.id)))
    if db.session.scalar(taken):
        return False
    return booking.kind == BookingKind.ACTUAL or open_cents(booking) == booking.cents


def counter_book(budget: Budget, booking: Booking, reason: str, by: Actor) -> Booking:
    """Take a booking back by one of the opposite amount. Raises DomainError.

    What its cost released of a commitment is committed again.
    """
    hold(budget)
    if not may_counter(booking):
        raise DomainError(N_("Dit kan niet meer tegengeboekt worden."))
    if not reason.strip():
        raise DomainError(N_("Zeg wat er niet klopte."), "reason")
    made = _mirror(budget, booking, reason, by)
    releases = select(Booking).where(Booking.because_of_id == booking.id)
    for release in db.session.scalars(releases).all():
        _mirror(budget, release, reason, by)
    audit.record("budget:counter_book", booking, actor=by, fields={"cents"})
    budget_warnings.note(budget)
    return made


def _mirror(budget: Budget, booking: Booking, reason: str, by: Actor) -> Booking:
    made = Booking(
        budget_id=budget.id,
        line_id=booking.line_id,
        kind=booking.kind,
        booked_on=day_within(budget),
        cents=-booking.cents,
        supplier=booking.supplier,
        description=reason,
        voucher=booking.voucher,
        reverses_id=booking.id,
        releases_id=booking.releases_id,
        account_id=by.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def related(booking: Booking) -> list[Booking]:
    """Return what a booking took back, released or was taken back by, the oldest first."""
    others = {booking.reverses_id, booking.releases_id, booking.because_of_id} - {None}
    query = select(Booking).where(
        Booking.id.in_(others)
        | (Booking.reverses_id == booking.id)
        | (Booking.releases_id == booking.id)
        | (Booking.because_of_id == booking.id)
    )
    return list(db.session.scalars(query.order_by(Booking.id)))


def attach(booking: Booking, data: bytes, filename: str, by: Actor) -> BookingDocument:
    """Keep a supporting document with a booking. Raises DomainError for a file that may not in."""
    sent = uploads.accept(data, filename)
    document = documents.put(sent.data, sent.filename, sent.media_type)
    db.session.flush()
    made = BookingDocument(
        booking_id=booking.id,
        document_id=document.id,
        account_id=by.account_id,
        at=clock.now(),
    )
    made.document = document
    booking.documents.append(made)
    audit.record("booking:attach", booking, actor=by, fields={"documents"})
    db.session.flush()
    return made


def duplicates(budget: Budget, entries: Sequence[Entry]) -> list[Booking | None]:
    """Return for each entry the booking that looks the same and was not taken back, or None."""
    reversal = aliased(Booking)
    days = {entry.booked_on for entry in entries}
    known: dict[tuple[object, ...], Booking] = {}
    for chunk in _chunks(sorted(days)):
        rows = db.session.scalars(
            select(Booking)
            .outerjoin(reversal, reversal.reverses_id == Booking.id)
            .where(
                Booking.budget_id == budget.id,
                Booking.booked_on.in_(chunk),
                Booking.reverses_id.is_(None),
                Booking.releases_id.is_(None),
                reversal.id.is_(None),
            )
            .order_by(Booking.id)
        )
        for row in rows:
            for key in looks(row):
                known.setdefault(key, row)
    return [next((known[key] for key in looks(e) if key in known), None) for e in entries]


def looks(row: Booking | Entry) -> list[tuple[object, ...]]:
    """Return by what a booking is recognised: its document, or its words; with day and amount."""
    base = (row.kind, row.booked_on, row.cents)
    words = (*base, row.line_id, _folded(row.supplier), _folded(row.description))
    if not row.voucher:
        return [words]
    return [words, (*base, _folded(row.supplier), "voucher", _folded(row.voucher))]


def _folded(words: str) -> str:
    return text.line(words).casefold()


def _chunks(days: Sequence[date], size: int = 400) -> Iterable[Sequence[date]]:
    return (days[at : at + size] for at in range(0, len(days), size))
