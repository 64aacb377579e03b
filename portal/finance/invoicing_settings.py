"""Who HSV is on its invoices, since when: dated, corrected by a new row, never changed."""

import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.kbo import parse_kbo
from portal.finance.content import Sender
from portal.finance.models import InvoicingSettings, VatCategory

LONGEST_TERM_DAYS = 120
EXEMPTION_CODE, OUTSIDE_CODE = "VATEX-EU-132-1G", "VATEX-EU-O"
EXEMPTION_TEXT = "Vrijgesteld van btw op grond van artikel 44, § 2, 2° van het Btw-Wetboek."
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,4}")


@dataclass(frozen=True)
class Details:
    """What is recorded; see the model."""

    from_on: date
    name: str
    street: str
    postcode: str
    city: str
    kbo: str
    email: str
    iban: str
    bic: str
    register: str = ""
    phone: str = ""
    invoice_prefix: str = "F"
    claim_prefix: str = "SV"
    vat_category: VatCategory = VatCategory.EXEMPT
    exemption_code: str = EXEMPTION_CODE
    exemption_text: str = EXEMPTION_TEXT
    term_days: int = 30


# What a first recording begins with: the fields that have a usual value.
USUAL = {f.name: f.default for f in fields(Details) if f.default not in (MISSING, "")}


def in_force(on: date) -> InvoicingSettings:
    """Return what holds on a day. Raises DomainError when nothing was recorded yet."""
    found = find(on)
    if found is None:
        raise DomainError(
            N_("Vul eerst in hoe Home-Start Vlaanderen op een factuur staat (facturatie).")
        )
    return found


def find(on: date) -> InvoicingSettings | None:
    """Return what holds on a day, or None."""
    query = (
        select(InvoicingSettings)
        .where(InvoicingSettings.replaced_at.is_(None), InvoicingSettings.from_on <= on)
        .order_by(InvoicingSettings.from_on.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def history() -> list[InvoicingSettings]:
    """Return every row ever recorded, the latest day first."""
    order = (InvoicingSettings.from_on.desc(), InvoicingSettings.recorded_at.desc())
    return list(db.session.scalars(select(InvoicingSettings).order_by(*order)))


def record(details: Details, by: Actor | None) -> InvoicingSettings:
    """Record what holds from a day on; what stood there for the same day is replaced.

    Raises DomainError on the field that is not in order.
    """
    values = _checked(details)
    query = select(InvoicingSettings).where(
        InvoicingSettings.from_on == details.from_on, InvoicingSettings.replaced_at.is_(None)
    )
    now = clock.now()
    if (earlier := db.session.scalar(query)) is not None:
        earlier.replaced_at = now
        db.session.flush()
    recorded_by = by.account_id if by else None
    row = InvoicingSettings(**values, recorded_by_id=recorded_by, recorded_at=now)
    db.session.add(row)
    audit.record("invoicing_settings:record", row, actor=by, fields=values)
    return row


def sender_of(settings: InvoicingSettings) -> Sender:
    """Return HSV as a document copies it."""
    return Sender(**{f.name: _plain(getattr(settings, f.name)) for f in fields(Sender)})


def _plain(value: Any) -> str:
    return str(value)


def _checked(details: Details) -> dict[str, Any]:
    values = {f.name: getattr(details, f.name) for f in fields(details)}
    values["kbo"] = parse_kbo(details.kbo)
    values["iban"] = _account(details.iban)
    try:
        values["bic"] = bic.validate(details.bic)
    except ValidationError:
        raise DomainError(N_("Deze BIC klopt niet."), "bic") from None
    _check_prefixes(details)
    _check_vat(details)
    if not 1 <= details.term_days <= LONGEST_TERM_DAYS:
        message = N_("Kies een termijn van 1 tot %(days)s dagen.")
        raise DomainError(message, "term_days", days=LONGEST_TERM_DAYS)
    return values


def _account(typed: str) -> str:
    try:
        return iban.validate(typed)
    except ValidationError:
        raise DomainError(N_("Dit rekeningnummer (IBAN) klopt niet."), "iban") from None


def _check_prefixes(details: Details) -> None:
    """Numbers of two series must never look alike, not even those of other years."""
    for field in ("invoice_prefix", "claim_prefix"):
        if not _PREFIX.fullmatch(getattr(details, field)):
            message = N_(
                "Gebruik één tot vijf hoofdletters of cijfers, te beginnen met een letter."
            )
            raise DomainError(message, field)
    used = db.session.execute(
        select(InvoicingSettings.invoice_prefix, InvoicingSettings.claim_prefix)
    ).all()
    invoices = {row.invoice_prefix for row in used} | {details.invoice_prefix}
    claims = {row.claim_prefix for row in used} | {details.claim_prefix}
    if details.invoice_prefix in claims:
        message = N_("Deze letters dienen al voor schuldvorderingen. Kies andere.")
        raise DomainError(message, "invoice_prefix")
    if details.claim_prefix in invoices:
        raise DomainError(N_("Deze letters dienen al voor facturen. Kies andere."), "claim_prefix")


def _check_vat(details: Details) -> None:
    """The exemption code belongs to the category (rules P0104 and following of Peppol)."""
    outside = details.vat_category == VatCategory.OUTSIDE
    wrong = outside != (details.exemption_code == OUTSIDE_CODE)
    if details.exemption_code and wrong:
        message = N_("Bij categorie O hoort de code VATEX-EU-O, bij categorie E een andere.")
        raise DomainError(message, "exemption_code")
    if not details.exemption_text:
        raise DomainError(N_("Vul de vermelding voor de vrijstelling in."), "exemption_text")
