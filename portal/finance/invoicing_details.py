"""How a partner wants its invoices: where to, and with which references."""

import re
from dataclasses import dataclass, fields

from sqlalchemy import select
from stdnum.be import vat

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.directory.models import Organisation
from portal.finance.content import Receiver
from portal.finance.invoicing_settings import LONGEST_TERM_DAYS
from portal.finance.models import Channel, InvoicingDetails, OrderNumber

BELGIAN = "0208"
_PEPPOL_ID = re.compile(r"[0-9]{4}:[A-Za-z0-9.\-]{2,50}")


@dataclass(frozen=True)
class Wishes:
    """What a partner may fill in itself; `term_days` is HSV's to grant."""

    peppol_id: str = ""
    buyer_reference: str = ""
    order_number: str = ""
    email: str = ""
    channel: Channel | None = None
    term_days: int | None = None


def of(organisation_id: int) -> Wishes:
    """Return what is known of an organisation; without a row, what the directory knows."""
    row = db.session.get(InvoicingDetails, organisation_id)
    if row is not None:
        return Wishes(**{f.name: getattr(row, f.name) for f in fields(Wishes)})
    return usual(db.session.get_one(Organisation, organisation_id))


def usual(organisation: Organisation) -> Wishes:
    """Return where invoices of an organisation go unless somebody says otherwise."""
    return Wishes(peppol_id=default_peppol_id(organisation), email=organisation.email)


def default_peppol_id(organisation: Organisation) -> str:
    """Return the address on the Peppol network that follows from the enterprise number."""
    return f"{BELGIAN}:{organisation.kbo}" if organisation.kbo else ""


def version_of(organisation_id: int) -> int:
    """Return the version a form must carry; 0 when nothing was filled in yet."""
    row = db.session.get(InvoicingDetails, organisation_id)
    return row.version if row is not None else 0


def change(organisation: Organisation, wishes: Wishes, version: int | None, by: Actor) -> None:
    """Keep what was filled in. A partner cannot grant itself a longer term.

    Raises ConflictError when somebody else was first, DomainError on the field not in order.
    """
    checked = _checked(wishes)
    row = db.session.get(InvoicingDetails, organisation.id, with_for_update=True)
    if version is not None and version != (row.version if row else 0):
        raise ConflictError(N_("Intussen heeft iemand anders dit gewijzigd."))
    if row is None:
        row = InvoicingDetails(organisation_id=organisation.id, changed_at=clock.now())
        db.session.add(row)
    before = {f.name: getattr(row, f.name) for f in fields(Wishes)}
    for name, value in checked.items():
        if name == "term_days" and not by.can(Permission.INVOICE_MANAGE):
            continue
        setattr(row, name, value)
    row.changed_by_id, row.changed_at = by.account_id, clock.now()
    changed = [name for name, value in before.items() if value != getattr(row, name)]
    db.session.flush()
    audit.record("invoicing_details:change", row, actor=by, fields=changed)


def order_number(organisation_id: int, agreement_id: int | None) -> str:
    """Return the order number for an agreement, else the one for everything, else nothing."""
    if agreement_id is not None:
        query = select(OrderNumber.order_number).where(
            OrderNumber.organisation_id == organisation_id,
            OrderNumber.agreement_id == agreement_id,
        )
        if found := db.session.scalar(query):
            return found
    return of(organisation_id).order_number


def set_order_number(organisation_id: int, agreement_id: int, number: str, by: Actor) -> None:
    """Keep the order number for the next invoices of an agreement; an empty one forgets it."""
    query = select(OrderNumber).where(
        OrderNumber.organisation_id == organisation_id, OrderNumber.agreement_id == agreement_id
    )
    row = db.session.scalar(query)
    if row is None:
        row = OrderNumber(organisation_id=organisation_id, agreement_id=agreement_id)
        db.session.add(row)
    row.order_number = number
    row.changed_by_id, row.changed_at = by.account_id, clock.now()
    audit.record("invoicing_order_number:set", row, actor=by, fields=("order_number",))


def receiver_of(organisation: Organisation) -> Receiver:
    """Return the partner as a document copies it. Raises DomainError when a mention is missing."""
    if not (organisation.street and organisation.postcode and organisation.city):
        message = N_("Vul in de organisatiegids eerst het volledige adres van %(name)s in.")
        raise DomainError(message, name=organisation.name)
    if not organisation.kbo:
        message = N_("Vul in de organisatiegids eerst het ondernemingsnummer van %(name)s in.")
        raise DomainError(message, name=organisation.name)
    return Receiver(
        name=organisation.name,
        street=organisation.street,
        postcode=organisation.postcode,
        city=organisation.city,
        kbo=organisation.kbo,
        peppol_id=of(organisation.id).peppol_id or default_peppol_id(organisation),
    )


def _checked(wishes: Wishes) -> dict[str, object]:
    peppol_id = "".join(wishes.peppol_id.split())
    if peppol_id and not _PEPPOL_ID.fullmatch(peppol_id):
        message = N_("Een Peppol-adres ziet eruit als 0208:0207451227.")
        raise DomainError(message, "peppol_id")
    scheme, _, number = peppol_id.partition(":")
    if scheme == BELGIAN and not (len(number) == 10 and vat.is_valid(number)):
        message = N_("Na 0208: hoort een geldig ondernemingsnummer van tien cijfers.")
        raise DomainError(message, "peppol_id")
    if wishes.channel == Channel.EMAIL and not wishes.email:
        raise DomainError(N_("Vul het e-mailadres in waar facturen naartoe gaan."), "email")
    if wishes.term_days is not None and not 1 <= wishes.term_days <= LONGEST_TERM_DAYS:
        message = N_("Kies een termijn van 1 tot %(days)s dagen.")
        raise DomainError(message, "term_days", days=LONGEST_TERM_DAYS)
    return {**{f.name: getattr(wishes, f.name) for f in fields(wishes)}, "peppol_id": peppol_id}
