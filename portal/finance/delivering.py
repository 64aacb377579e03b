"""Bringing issued documents to their partner: rows in line, delivered by the worker.

Each step is committed before the next one leaves the portal, so that a worker killed anywhere
resumes without sending twice: what the access point calls a document is stored before it is told
to send, and a resumed delivery asks first.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import audit, clock, documents, mail, outbox
from portal.core.db import db, reading
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.mail import Mail
from portal.core.outbox import OutboxMessage, PermanentError, TryAgainError
from portal.core.permissions import Actor
from portal.finance import invoice_notices, invoicing_details, pay_links, routes
from portal.finance.models import Channel, DeliveryState, Invoice, InvoiceDelivery
from portal.finance.routes import Outcome, Parcel, Route

KIND = "invoice"
FIRST_CHECK, LONGEST_CHECK = timedelta(minutes=5), timedelta(hours=6)
CHECKS_AT_A_TIME = 50
NO_ADDRESS = N_(
    "Er is geen e-mailadres voor facturen. Vul het in bij de facturatiegegevens van de partner en "
    "verzend opnieuw."
)
UNREACHABLE = N_(
    "Dit Peppol-adres ontvangt geen facturen. Kijk het adres van de partner na, of kies een ander "
    "kanaal."
)
REFUSED = N_(
    "Het toegangspunt kon het document niet bezorgen. Kijk het Peppol-adres na en verzend opnieuw, "
    "of kies een ander kanaal."
)
_DONE = (DeliveryState.HANDED_OVER, DeliveryState.DELIVERED)


def enqueue(invoice: Invoice, channel: Channel | None = None) -> InvoiceDelivery:
    """Put the delivery of an issued document in line, in the transaction under way.

    Without a channel the worker chooses: what the partner wants, else Peppol where it can be
    reached, else e-mail, else it is told that a document waits in the portal.
    """
    delivery = InvoiceDelivery(
        invoice_id=invoice.id,
        channel=channel,
        state=DeliveryState.WAITING,
        created_at=clock.now(),
    )
    db.session.add(delivery)
    db.session.flush()
    outbox.enqueue(
        KIND, {"delivery_id": delivery.id}, key=_key(delivery.id), subject=invoice.number or ""
    )
    return delivery


def send_again(actor: Actor, invoice: Invoice, channel: Channel) -> InvoiceDelivery:
    """Deliver a document along a channel a person chose. Raises DomainError while one waits."""
    rows = of(invoice)
    if any(row.state == DeliveryState.WAITING for row in rows):
        raise DomainError(N_("Dit document wordt al bezorgd."))
    if channel == Channel.PEPPOL and invoice.ubl_id is None:
        raise DomainError(N_("Een schuldvordering gaat niet via Peppol."))
    audit.record("invoice:deliver_again", invoice, actor=actor)
    return enqueue(invoice, channel)


def of(invoice: Invoice) -> list[InvoiceDelivery]:
    """Return the deliveries of a document, the newest first."""
    query = select(InvoiceDelivery).where(InvoiceDelivery.invoice_id == invoice.id)
    return list(db.session.scalars(query.order_by(InvoiceDelivery.id.desc())))


def _key(delivery_id: int) -> str:
    return f"invoice-delivery-{delivery_id}"


@outbox.handler(KIND)
def _deliver(message: OutboxMessage) -> None:
    delivery_id = int(message.payload["delivery_id"])
    try:
        _deliver_once(delivery_id, message.id)
    except (PermanentError, TryAgainError) as error:
        db.session.rollback()
        delivery = db.session.get_one(InvoiceDelivery, delivery_id)
        delivery.problem = str(error)[:300]
        over = isinstance(error, PermanentError) or message.attempts >= outbox.GIVE_UP_AFTER
        delivery.state = DeliveryState.FAILED if over else DeliveryState.WAITING
        db.session.commit()
        raise


def _deliver_once(delivery_id: int, message_id: int) -> None:
    with reading():
        delivery = db.session.get_one(InvoiceDelivery, delivery_id, populate_existing=True)
        if delivery.state in _DONE:
            return
        parcel, wanted = _parcel(delivery), _wanted(delivery)
        pay_path = pay_links.path_of(delivery.invoice)
    route = routes.in_use()
    channel = wanted or _best(route, parcel)
    if channel == Channel.PEPPOL:
        _by_peppol(delivery_id, route, parcel, chosen=wanted is not None)
    elif channel == Channel.EMAIL:
        _by_email(delivery_id, parcel, message_id, pay_path)
    else:
        _ready_in_portal(delivery_id)


def _parcel(delivery: InvoiceDelivery) -> Parcel:
    invoice = delivery.invoice
    assert invoice.pdf is not None
    return Parcel(
        key=_key(delivery.id),
        number=invoice.number or "",
        peppol_id=invoice.receiver.peppol_id,
        email=invoicing_details.of(invoice.organisation_id).email,
        pdf=documents.read(invoice.pdf),
        xml=documents.read(invoice.ubl) if invoice.ubl else None,
        remote_id=delivery.remote_id,
    )


def _wanted(delivery: InvoiceDelivery) -> Channel | None:
    """Return the channel decided on before, chosen by a person, or asked for by the partner."""
    if delivery.channel is not None:
        return delivery.channel
    wish = invoicing_details.of(delivery.invoice.organisation_id).channel
    return None if wish == Channel.PEPPOL and delivery.invoice.ubl_id is None else wish


def _best(route: Route | None, parcel: Parcel) -> Channel:
    """Return the channel for who has no wish. Asks the network; raises TryAgainError."""
    if route and parcel.xml and parcel.peppol_id and route.can_reach(parcel.peppol_id):
        return Channel.PEPPOL
    return Channel.EMAIL if parcel.email else Channel.DOWNLOAD


def _by_peppol(delivery_id: int, route: Route | None, parcel: Parcel, *, chosen: bool) -> None:
    _decide(delivery_id, Channel.PEPPOL, parcel.peppol_id, route.name if route else "")
    if route is None:
        raise PermanentError(
            N_("Er is geen toegangspunt tot Peppol ingesteld. Kies een ander kanaal.")
        )
    if parcel.xml is None or not parcel.peppol_id:
        raise PermanentError(UNREACHABLE)
    if chosen and parcel.remote_id is None and not route.can_reach(parcel.peppol_id):
        raise PermanentError(UNREACHABLE)

    def remember(remote_id: str) -> None:
        db.session.get_one(InvoiceDelivery, delivery_id).remote_id = remote_id
        db.session.commit()

    outcome = route.send(parcel, remember)
    if outcome == Outcome.FAILED:
        _forget_remote(delivery_id)
        raise PermanentError(REFUSED)
    _hand_over(delivery_id, outcome, check=route.confirms)


def _by_email(delivery_id: int, parcel: Parcel, message_id: int, pay_path: str) -> None:
    if not parcel.email:
        raise PermanentError(NO_ADDRESS)
    _decide(delivery_id, Channel.EMAIL, parcel.email, "smtp")
    message = Mail(
        to=parcel.email,
        subject=f"{parcel.number} van Home-Start Vlaanderen vzw",
        greeting="Goedendag,",
        paragraphs=[
            f"In bijlage vindt u {parcel.number} van Home-Start Vlaanderen vzw.",
            "Heeft u er een vraag over, dan kunt u die stellen in het portaal of per e-mail.",
        ],
        button_label="Bekijken en betalen" if pay_path else "",
        button_url=pay_path,
    )
    files = [mail.Attachment(f"{parcel.number}.pdf", "application/pdf", parcel.pdf)]
    if parcel.xml:
        files.append(mail.Attachment(f"{parcel.number}.xml", "application/xml", parcel.xml))
    mail.dispatch(message, message_id, files)
    _hand_over(delivery_id, Outcome.UNDER_WAY, check=False)


def _ready_in_portal(delivery_id: int) -> None:
    _decide(delivery_id, Channel.DOWNLOAD, "", "portal")
    delivery = db.session.get_one(InvoiceDelivery, delivery_id)
    invoice_notices.tell_ready(delivery.invoice)
    _hand_over(delivery_id, Outcome.DELIVERED, check=False)


def _decide(delivery_id: int, channel: Channel, target: str, route: str) -> None:
    """Store where it goes, so that a resumed delivery goes nowhere else."""
    delivery = db.session.get_one(InvoiceDelivery, delivery_id)
    delivery.channel, delivery.target, delivery.route = channel, target, route
    db.session.commit()


def _hand_over(delivery_id: int, outcome: Outcome, *, check: bool) -> None:
    now = clock.now()
    delivery = db.session.get_one(InvoiceDelivery, delivery_id)
    delivery.handed_over_at, delivery.problem = now, ""
    if outcome == Outcome.DELIVERED:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    else:
        delivery.state = DeliveryState.HANDED_OVER
        delivery.check_at = now + FIRST_CHECK if check else None


def _forget_remote(delivery_id: int) -> None:
    """A document the access point gave up on must be uploaded anew when it is sent again."""
    db.session.get_one(InvoiceDelivery, delivery_id).remote_id = None
    db.session.commit()


@periodic(timedelta(minutes=5))
def check_handed_over() -> None:
    """Ask the access point how it went with what it has, less and less often."""
    route = routes.in_use()
    if route is None:
        return
    now = clock.now()
    with reading():
        query = (
            select(InvoiceDelivery.id, InvoiceDelivery.remote_id)
            .where(
                InvoiceDelivery.state == DeliveryState.HANDED_OVER,
                InvoiceDelivery.check_at <= now,
                InvoiceDelivery.route == route.name,
                InvoiceDelivery.remote_id.is_not(None),
            )
            .order_by(InvoiceDelivery.check_at)
            .limit(CHECKS_AT_A_TIME)
        )
        waiting = db.session.execute(query).all()
    for delivery_id, remote_id in waiting:
        try:
            outcome = route.status(remote_id or "")
        except (TryAgainError, PermanentError):
            outcome = Outcome.UNDER_WAY
        _note(delivery_id, outcome, now)
        db.session.commit()


def _note(delivery_id: int, outcome: Outcome, now: datetime) -> None:
    delivery = db.session.get_one(InvoiceDelivery, delivery_id)
    if outcome == Outcome.DELIVERED:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
        delivery.check_at = None
    elif outcome == Outcome.FAILED:
        delivery.state, delivery.problem = DeliveryState.FAILED, REFUSED
        delivery.check_at = delivery.remote_id = None
    else:
        delivery.checks += 1
        delivery.check_at = now + min(FIRST_CHECK * 2 ** min(delivery.checks, 10), LONGEST_CHECK)
