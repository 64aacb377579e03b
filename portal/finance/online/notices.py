"""Who is told what about payments online: by mail, with a link to the portal."""

from portal.accounts import service as accounts
from portal.core.i18n import N_
from portal.core.permissions import Role
from portal.finance import invoice_notices
from portal.finance.invoice_notices import Texts
from portal.finance.models import Invoice, OnlineCheckout, OnlineDispute, OnlineRefund, Payment

UNPLACED: Texts = (
    N_("Online betaling zonder plaats: {number}"),
    N_("Er kwam een online betaling binnen voor {number}, maar daar stond niet alles meer open."),
    N_("Kijk na wat ermee moet gebeuren: op een andere factuur plaatsen of terugbetalen."),
)
DISPUTED: Texts = (
    N_("Een online betaling wordt betwist: {number}"),
    N_("De betaler van {number} vraagt het bedrag terug via de bank."),
    N_("Antwoord op de site van Stripe, voor de dag die daar staat."),
)
REFUND_FAILED: Texts = (
    N_("Een terugbetaling is mislukt: {number}"),
    N_("De online terugbetaling van {number} is niet gelukt."),
    N_("Lees waarom, en betaal zo nodig terug met een overschrijving."),
)
NOT_PAID: Texts = (
    N_("De online betaling van {number} is niet gelukt"),
    N_("De bank heeft de online betaling van {number} niet uitgevoerd. De factuur staat nog open."),
    N_("Betaal opnieuw online of met een overschrijving."),
)


def tell_unplaced(payment: Payment, invoice: Invoice) -> None:
    """Tell HSV's finance officers that money came in for which nothing was open any more."""
    _tell_officers(UNPLACED, invoice, payment, f"unplaced:{payment.id}")


def tell_disputed(dispute: OnlineDispute, payment: Payment, invoice: Invoice) -> None:
    """Tell HSV's finance officers that a payer asks the money back."""
    _tell_officers(DISPUTED, invoice, payment, f"disputed:{dispute.id}")


def tell_refund_failed(refund: OnlineRefund, payment: Payment, invoice: Invoice) -> None:
    """Tell HSV's finance officers that money given back did not arrive."""
    _tell_officers(REFUND_FAILED, invoice, payment, f"refund-failed:{refund.id}")


def tell_not_paid(checkout: OnlineCheckout) -> None:
    """Tell the partner's finance contacts that the bank did not do what they agreed to."""
    invoice = checkout.invoice
    for person in invoice_notices.contacts(invoice):
        invoice_notices.send(invoice, NOT_PAID, person, f"not-paid:{checkout.id}")


def _tell_officers(texts: Texts, invoice: Invoice, payment: Payment, key: str) -> None:
    for person in accounts.members_with_role(Role.FINANCE_OFFICER):
        path = f"/betalingen/{payment.reference}"
        invoice_notices.send(invoice, texts, person, key, path=path)
