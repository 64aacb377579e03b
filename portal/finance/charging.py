"""Interest and the cost of recovery on a late invoice: shown always, asked for by decision only.

What a person decides to ask for becomes the draft of a claim of its own, outside VAT, with the
calculation on its lines. The same day is never charged twice: the next charge begins after the
last one, also when the draft was set aside, which is a decision too (it can be taken up again).
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.agreements.models import Agreement, AgreementVersion
from portal.agreements.terms import Terms
from portal.core import audit, clock, money
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor
from portal.finance import interest, invoice_drafts, payments, reminder_settings
from portal.finance.content import Line
from portal.finance.interest import Interest, Kind, Stretch
from portal.finance.invoice_drafts import Request
from portal.finance.models import (
    InterestCharge,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
)


@dataclass(frozen=True)
class Late:
    """What may be charged on an invoice today, and what was charged before.

    cost_cents: 0 where it was charged, or where the agreement is not under the law that gives it.
    """

    interest: Interest
    cost_cents: int
    charges: tuple[InterestCharge, ...]

    @property
    def chargeable_cents(self) -> int:
        """The interest with a known rate."""
        return sum(one.cents for one in self.interest.known)


def late(invoice: Invoice, until: date) -> Late | None:
    """Return what lateness comes to up to and with a day; None where it cannot be late.

    What charges lateness is never charged for lateness itself.
    """
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits or invoice.due_on is None:
        return None
    if invoice.due_on >= until or _is_charge(invoice):
        return None
    charges = _charges(invoice)
    begun = [one.through_on for one in charges if one.through_on is not None]
    kind = kind_of(invoice)
    found = interest.count(
        invoice.total_cents - payments.credited_of(invoice),
        _settled(invoice),
        max([invoice.due_on, *begun]) + timedelta(days=1),
        until,
        kind,
    )
    if not found.stretches and not charges:
        return None
    cost = 0
    if kind == "commercial" and not any(one.cost_cents for one in charges):
        cost = reminder_settings.in_force(until).cost_cents
    return Late(found, cost, charges)


def kind_of(invoice: Invoice) -> Kind:
    """Return which interest holds: as the agreement says, else that between enterprises."""
    if invoice.agreement_id is None:
        return "commercial"
    agreed = (
        select(AgreementVersion.terms_json)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            Agreement.id == invoice.agreement_id,
            AgreementVersion.number == Agreement.agreed_number,
        )
    )
    terms = db.session.scalar(agreed)
    if terms is None:
        return "commercial"
    return "commercial" if Terms.from_json(terms).late_interest == "commercial" else "legal"


def charge(actor: Actor, invoice: Invoice, *, with_interest: bool, with_cost: bool) -> Invoice:
    """Make the draft of a claim for what a person decided to charge, up to and with today.

    Raises DomainError when there is nothing to charge.
    """
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice.id).with_for_update())
    found = late(invoice, clock.today())
    stretches = found.interest.known if found and with_interest else ()
    cost_cents = found.cost_cents if found and with_cost else 0
    lines = [_line(invoice, one) for one in stretches if one.cents]
    if cost_cents:
        lines.append(Line(_cost_words(invoice), cost_cents))
    if not lines:
        raise DomainError(N_("Kies wat je aanrekent. Wat al aangerekend is, kan niet nog eens."))
    claim = invoice_drafts.prepare(
        Request(
            kind=InvoiceKind.CLAIM,
            organisation=invoice.organisation,
            lines=tuple(lines),
            agreement_id=invoice.agreement_id,
            contract=invoice.contract,
            note=f"Wegens laattijdige betaling van {invoice.number}.",
        ),
        actor,
    )
    made = InterestCharge(
        invoice_id=invoice.id,
        claim_id=claim.id,
        through_on=stretches[-1].to_on if stretches else None,
        interest_cents=sum(one.cents for one in stretches),
        cost_cents=cost_cents,
        detail_json=[_plain(one) for one in stretches],
        account_id=actor.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("interest_charge:made", made, actor=actor)
    return claim


def _line(invoice: Invoice, one: Stretch) -> Line:
    days = "1 dag" if one.days == 1 else f"{one.days} dagen"
    span = f"van {short_date(one.from_on)} tot en met {short_date(one.to_on)}"
    return Line(
        f"Verwijlinterest op {invoice.number}: {money.euro(one.open_cents)} tegen "
        f"{percent(one.rate_bp)} {span} ({days})",
        one.cents,
    )


def percent(rate_bp: int | None) -> str:
    """Return 10,5 % for 1050; nothing for an unknown rate."""
    if rate_bp is None:
        return ""
    whole, part = divmod(rate_bp, 100)
    written = f"{whole},{part:02}".rstrip("0") if part else str(whole)
    return f"{written}\u00a0%"


def _cost_words(invoice: Invoice) -> str:
    return (
        f"Forfaitaire vergoeding voor invorderingskosten, {invoice.number} "
        "(wet van 2 augustus 2002, artikel 6)"
    )


def _plain(one: Stretch) -> dict[str, object]:
    plain = asdict(one)
    return {**plain, "from_on": one.from_on.isoformat(), "to_on": one.to_on.isoformat()}


def _charges(invoice: Invoice) -> tuple[InterestCharge, ...]:
    query = select(InterestCharge).where(InterestCharge.invoice_id == invoice.id)
    return tuple(db.session.scalars(query.order_by(InterestCharge.id)))


def _is_charge(invoice: Invoice) -> bool:
    made = select(InterestCharge.id).where(InterestCharge.claim_id == invoice.id)
    return db.session.scalar(made) is not None


def _settled(invoice: Invoice) -> list[tuple[date, int]]:
    """Return the days money came, with how much: the day it was paid, not the day it was placed."""
    paid_on = func.coalesce(Payment.booked_on, LedgerEntry.booked_on)
    query = (
        select(paid_on, -LedgerLine.cents)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .outerjoin(Payment, Payment.id == LedgerLine.payment_id)
        .where(LedgerLine.account == LedgerAccount.DEBTORS, LedgerLine.invoice_id == invoice.id)
    )
    return [(row[0], int(row[1])) for row in db.session.execute(query)]
