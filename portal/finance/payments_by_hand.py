"""A payment a person saw: booked and placed on its invoice at once."""

from datetime import date

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance import payments
from portal.finance.models import Invoice, Payment, PaymentSource
from portal.finance.payments import Received


def book(
    actor: Actor, invoice: Invoice, cents: int, *, booked_on: date, reason: str, key: str
) -> Payment:
    """Book an amount on an invoice: in above 0, paid back below.

    What is more than open has no place yet, and waits among the payments. `key` is the form's,
    so that it is booked once. Raises DomainError.
    """
    if booked_on > clock.today():
        raise DomainError(N_("Die dag moet nog komen."), "booked_on")
    if invoice.issued_on is not None and booked_on.year < invoice.issued_on.year - 1:
        raise DomainError(N_("Die dag ligt lang voor de factuur. Kijk het jaar na."), "booked_on")
    if cents == 0:
        raise DomainError(N_("Vul een bedrag boven nul in."), "cents")
    payment = payments.receive(
        Received(
            source=PaymentSource.HAND,
            cents=cents,
            booked_on=booked_on,
            key=f"hand:{key}",
            ogm=invoice.ogm,
            organisation_id=invoice.organisation_id,
            reason=reason,
        ),
        actor,
    )
    if payment is None:
        raise DomainError(N_("Deze betaling werd al geboekt."))
    placed = min(cents, payments.open_cents(invoice)) if cents > 0 else cents
    if placed == 0:
        raise DomainError(N_("Op dit document staat niets meer open."), "cents")
    payments.allocate(payment, invoice, placed, actor, reason)
    return payment
