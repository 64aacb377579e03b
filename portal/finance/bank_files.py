"""Bank files: kept as they came, looked at, then taken in, all of a file or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from portal.core import audit, clock, documents
from portal.core.crypto import keyring
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import NotFoundError
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.finance import bank_plan, banking, payments
from portal.finance.bank_plan import Fate, Plan, PlannedMovement, PlannedStatement
from portal.finance.banking import BankFormat
from portal.finance.models import (
    BankAccount,
    BankFile,
    BankMovement,
    BankStatement,
    Payment,
    PaymentSource,
)
from portal.finance.online import payouts
from portal.finance.payments import Received

KEPT_UNTAKEN = timedelta(days=7)
_NAMES = {BankFormat.CODA: ("coda", "text/plain"), BankFormat.CAMT053: ("xml", "application/xml")}


@dataclass(frozen=True)
class Taken:
    """What taking in a file did: movements booked, known before, and placed on an invoice."""

    booked: int
    known: int
    placed: int
    apart: int


def keep(data: bytes, filename: str, by: Actor | None) -> BankFile:
    """Keep a file so that a person can look at it; the same bytes are one file.

    Raises BankFileError when it cannot be taken in: such a file is not kept.
    """
    reading = banking.read(data)
    bank_plan.make(reading)
    digest = keyring().fingerprint(data, "bank file")
    query = select(BankFile).where(BankFile.digest == digest)
    if (found := db.session.scalar(query)) is not None:
        return found
    ending, media_type = _NAMES[reading.format]
    document = documents.put(data, filename or f"bankbestand.{ending}", media_type)
    db.session.flush()
    file_id = new_id()
    kept = insert_if_absent(
        BankFile,
        id=file_id,
        digest=digest,
        format=reading.format,
        document_id=document.id,
        account_id=by.account_id if by else None,
        at=clock.now(),
    )
    if not kept:  # somebody kept the same file in the same moment
        documents.erase([document.id])
    found = db.session.scalars(query).one()
    if kept:
        audit.record("bank_file:keep", found, actor=by)
    return found


def find(file_id: int) -> BankFile:
    """Return a file. Raises NotFoundError."""
    found = db.session.get(BankFile, file_id)
    if found is None:
        raise NotFoundError()
    return found


def plan(file: BankFile) -> Plan:
    """Return what taking in a file would do now. Raises BankFileError."""
    return bank_plan.make(banking.read(documents.read(file.document)))


def take(file: BankFile, by: Actor | None) -> Taken:
    """Take in a file: book what is new, and place what names its invoice. Raises BankFileError.

    Who takes in files of the same account waits, and sees then what was booked.
    """
    reading = banking.read(documents.read(file.document))
    _hold(sorted({one.iban for one in reading.statements} & bank_plan.own_accounts()))
    made = bank_plan.make(reading, hold=True)
    for one in made.statements:
        if not one.apart and not one.known:
            _take_statement(file, one, by)
    db.session.refresh(file, ("taken_at",))
    if file.taken_at is None:
        file.taken_at = clock.now()
        file.taken_by_id = by.account_id if by else None
    audit.record("bank_file:take", file, actor=by)
    new = made.movements(Fate.NEW)
    return Taken(
        booked=len(new),
        known=made.known_count,
        placed=sum(1 for one in new if one.invoice),
        apart=sum(1 for one in made.statements if one.apart),
    )


def _hold(ibans: Sequence[str]) -> None:
    for iban in ibans:
        insert_if_absent(BankAccount, iban=iban)
    query = select(BankAccount.iban).where(BankAccount.iban.in_(ibans)).order_by(BankAccount.iban)
    db.session.execute(query.with_for_update())


def _take_statement(file: BankFile, planned: PlannedStatement, by: Actor | None) -> None:
    one = planned.statement
    statement = BankStatement(
        file_id=file.id,
        iban=one.iban,
        format=file.format,
        number=one.number,
        opening_cents=one.opening_cents,
        closing_cents=one.closing_cents,
        opened_on=one.opened_on,
        closed_on=one.closed_on,
        movements=len(one.movements),
    )
    db.session.add(statement)
    db.session.flush()
    for each in planned.movements:
        if each.fate == Fate.KNOWN:
            continue
        payment_id = each.payment_id
        if each.fate == Fate.NEW:
            payment_id = _book(each, by).id
        db.session.add(
            BankMovement(
                statement_id=statement.id,
                format=file.format,
                identity=each.identity,
                likeness=each.likeness,
                ordinal=each.ordinal,
                payment_id=payment_id,
            )
        )
    db.session.flush()


def _book(planned: PlannedMovement, by: Actor | None) -> Payment:
    one = planned.movement
    payment = payments.receive(
        Received(
            source=PaymentSource.BANK,
            cents=one.cents,
            booked_on=one.booked_on,
            key=planned.key,
            ogm=one.ogm or None,
            payer_name=one.name,
            payer_iban=one.iban,
            message=one.text,
            organisation_id=planned.invoice.organisation_id if planned.invoice else None,
        ),
        by,
    )
    assert payment is not None  # its account is held, and its ordinal is new
    if planned.invoice is not None:
        payments.allocate(payment, planned.invoice, planned.placed_cents, None)
    else:
        payouts.match(payment)
    return payment


@periodic(timedelta(hours=24))
def forget_untaken() -> int:
    """Delete files that were kept but never taken in, after a week. Returns how many."""
    old = BankFile.taken_at.is_(None) & (BankFile.at < clock.now() - KEPT_UNTAKEN)
    gone = db.session.scalars(delete(BankFile).where(old).returning(BankFile.document_id)).all()
    documents.erase(gone)
    return len(gone)
