"""Asking for what is due: drafts of the instalments whose day has come or whose condition is met.

Can be run at any moment and any number of times: an instalment is asked for once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select, true

from portal.agreements.models import Agreement
from portal.core import audit, clock
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.models import Organisation
from portal.finance import dues, invoice_drafts, payment_state
from portal.finance.content import Line
from portal.finance.dues import Due
from portal.finance.invoice_drafts import Request
from portal.finance.models import (
    BilledInstalment,
    ConditionMet,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
)
from portal.finance.payment_state import PaymentState

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Standing:
    """What is to be asked for now, and what still waits for its condition."""

    to_bill: tuple[Due, ...]
    conditional: tuple[Due, ...]


def standing(until: date, which: ColumnElement[bool] | None = None) -> Standing:
    """Return what was not asked for yet, in four queries: by day up to `until`, by condition."""
    billed = set(db.session.scalars(select(BilledInstalment.due_key)))
    met = set(db.session.scalars(select(ConditionMet.due_key)))
    found = dues.of_agreements(true() if which is None else which)
    open_ones = [due for due in found if due.key not in billed]
    to_bill = [due for due in open_ones if _is_due(due, until, met)]
    conditional = [due for due in open_ones if due.on is None and due.key not in met]
    by_day = sorted(to_bill, key=lambda due: (due.on or until, due.partner, due.reference))
    by_year = sorted(conditional, key=lambda due: (due.year, due.partner, due.reference))
    return Standing(tuple(by_day), tuple(by_year))


def _is_due(due: Due, until: date, met: set[str]) -> bool:
    return due.key in met if due.on is None else due.on <= until


def prepare(found: Iterable[Due], by: Actor | None) -> list[Invoice]:
    """Make the drafts of these instalments; those another run just made are left out."""
    return [made for due in found if (made := prepare_one(due, by)) is not None]


def prepare_one(due: Due, by: Actor | None) -> Invoice | None:
    """Make the draft of an instalment, and ask its partner for what is missing on it."""
    if not insert_if_absent(BilledInstalment, due_key=due.key, cents=due.cents, at=clock.now()):
        return None
    organisation = db.session.get_one(Organisation, due.organisation_id)
    invoice = invoice_drafts.prepare(
        Request(
            kind=InvoiceKind.CLAIM if due.is_claim else InvoiceKind.INVOICE,
            organisation=organisation,
            lines=(Line(f"{due.label} {due.year}: bijdrage voor {due.title}", due.cents),),
            agreement_id=due.agreement_id,
            contract=due.reference,
            due_key=due.key,
            period_from=due.period_from,
            period_to=due.period_to,
            term_days=due.payment_days,
        ),
        by,
    )
    if invoice_drafts.needs_reference(invoice):
        invoice_drafts.announce(by, invoice)
    return invoice


@dataclass(frozen=True)
class Asked:
    """The document that asks for an instalment, and how far it is paid."""

    reference: str
    number: str
    state: PaymentState


def asked_for(actor: Actor) -> dict[str, Asked]:
    """Return what was issued for instalments, by their key, as far as a person may see it."""
    rows = db.session.execute(
        select(
            Invoice.due_key,
            Invoice.reference,
            Invoice.number,
            payment_state.column(clock.today()).label("state"),
        ).where(
            Invoice.visible_to(actor),
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_key.is_not(None),
        )
    )
    return {row.due_key: Asked(row.reference, row.number, PaymentState(row.state)) for row in rows}


def find_conditional(key: str) -> Due:
    """Return an instalment that waits for its condition. Raises NotFoundError."""
    digits = key.partition(":")[0]
    agreement_id = int(digits) if digits.isascii() and digits.isdecimal() else LARGEST_ID + 1
    if agreement_id > LARGEST_ID:
        raise NotFoundError()
    waiting = standing(clock.today(), Agreement.id == agreement_id).conditional
    for due in waiting:
        if due.key == key:
            return due
    raise NotFoundError()


def meet_condition(actor: Actor, due: Due, met_on: date, note: str) -> Invoice | None:
    """Note that the condition of an instalment is met, and make its draft. Raises DomainError."""
    if met_on > clock.today():
        raise DomainError(N_("Die dag moet nog komen."), "met_on")
    inserted = insert_if_absent(
        ConditionMet,
        id=new_id(),
        due_key=due.key,
        met_on=met_on,
        note=note,
        account_id=actor.account_id,
        at=clock.now(),
    )
    if not inserted:
        return None
    audit.record("instalment:condition_met", "instalment", actor=actor, object_id=due.agreement_id)
    return prepare_one(due, actor)
