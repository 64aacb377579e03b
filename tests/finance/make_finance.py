"""Builders for finance: agreements in force, and who works with their money.

`make_agreement.load_offer()` comes first; the fixture `offer` of tests/finance/conftest.py does it.
"""

import hashlib
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from portal.accounts.models import Membership
from portal.agreements import opening
from portal.agreements.models import Agreement, AgreementVersion, Side, Status
from portal.agreements.terms import Instalment, PaymentDocument
from portal.core import clock, documents
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.directory.models import Organisation
from portal.finance import billing, invoice_drafts, invoicing_details, invoicing_settings, issuing
from portal.finance.content import Line
from portal.finance.invoice_drafts import Request
from portal.finance.invoicing_settings import Details
from portal.finance.models import Invoice, InvoiceKind, InvoicingSettings
from tests import make
from tests.agreements import make_agreement

STARTS_ON = date(2027, 1, 1)
ON_DAYS_AND_REPORT = (
    Instalment("Voorschot", 5_000, 1, 31),
    Instalment("Tussentijdse schijf", 3_000, 7, 1),
    Instalment("Saldo", 2_000, condition="Na goedkeuring van het jaarverslag"),
)
PDF = b"%PDF-1.7 overeenkomst"


_bodies = count(9_000_000)


def new_kbo() -> str:
    """An enterprise number that is in order, and nobody's before."""
    body = next(_bodies)
    return f"0{body}{97 - body % 97:02}"


def municipality(name: str = "Gemeente Merelbeke-Melle", **values: Any) -> Organisation:
    """A local government with an address and an enterprise number."""
    where = {"street": "Dorpsstraat 1", "postcode": "9820", "city": "Merelbeke-Melle"}
    return make.organisation("gemeente", name, **{"kbo": new_kbo(), **where, **values})


def finance_contact(organisation: Organisation, name: str = "Nele Ontvanger") -> Membership:
    """Somebody of a partner who sees and pays its invoices."""
    return make.membership(Role.PARTNER_FINANCE, organisation, make.account(name=name))


def finance_officer() -> Actor:
    return make.actor(make_agreement.finance_officer())


def active(
    partners: list[Organisation] | None = None,
    *,
    starts_on: date = STARTS_ON,
    pays_by: PaymentDocument = PaymentDocument.INVOICE,
    instalments: tuple[Instalment, ...] = ON_DAYS_AND_REPORT,
    **changes: Any,
) -> Agreement:
    """An agreement in force, signed as far as finance is concerned (one partner by default)."""
    partners = partners or [municipality()]
    by = make.actor(make_agreement.manager())
    terms = make_agreement.make_terms(partners, starts_on=starts_on, instalments=instalments)
    parties = tuple(replace(p, pays_by=pays_by) for p in terms.partners)
    agreement = opening.open_draft(terms.with_(partners=parties, **changes), by)
    now = clock.now()
    kept = documents.put(PDF, "overeenkomst.pdf", "application/pdf")
    sha256 = hashlib.sha256(PDF).digest()
    db.session.flush()
    db.session.add(
        AgreementVersion(
            agreement_id=agreement.id,
            number=1,
            terms_json=agreement.terms_json,
            terms_sha256=sha256,
            docx_id=kept.id,
            docx_sha256=sha256,
            pdf_id=kept.id,
            pdf_sha256=sha256,
            side=Side.HSV,
            proposed_by_id=by.account_id,
            proposed_at=now,
        )
    )
    agreement.first_proposed_at = agreement.agreed_at = agreement.approved_at = now
    agreement.agreed_number = 1
    agreement.status = Status.ACTIVE
    db.session.commit()
    return agreement


def settings(from_on: date = date(2020, 1, 1), **changes: Any) -> InvoicingSettings:
    """HSV on its invoices, since 2020."""
    details = Details(
        from_on=from_on,
        name="Home-Start Vlaanderen vzw",
        street="Blijde-Inkomststraat 7",
        postcode="3000",
        city="Leuven",
        kbo="0400000086",
        register="RPR Leuven",
        email="facturen@home-start.example",
        phone="016 12 34 56",
        iban="BE71096123456769",
        bic="GKCCBEBB",
    )
    row = invoicing_settings.record(replace(details, **changes), None)
    db.session.commit()
    return row


def wishes(organisation: Organisation, **values: Any) -> None:
    """How a partner wants its invoices; with a reference, so that they can be issued."""
    known = {"buyer_reference": "Dienst Welzijn", "email": "facturen@gemeente.example", **values}
    wished = replace(invoicing_details.usual(organisation), **known)
    invoicing_details.change(organisation, wished, None, finance_officer())
    db.session.commit()


def draft(
    organisation: Organisation | None = None,
    *lines: Line,
    kind: InvoiceKind = InvoiceKind.INVOICE,
    **values: Any,
) -> Invoice:
    """A free invoice of a course fee, not issued yet, with an order number."""
    organisation = organisation or municipality()
    asked = Request(
        kind=kind,
        organisation=organisation,
        lines=lines or (Line("Startcursus", 125_00, 2_00),),
        **{"order_number": "PO-118", **values},
    )
    made = invoice_drafts.prepare(asked, finance_officer())
    db.session.commit()
    return made


def issued(organisation: Organisation | None = None, *lines: Line, **values: Any) -> Invoice:
    """The same, issued; its delivery waits."""
    made = draft(organisation, *lines, **values)
    issuing.issue(finance_officer(), made, made.version)
    db.session.commit()
    return made


def conditional_key(agreement: Agreement) -> str:
    """The key of the first instalment of an agreement that waits for a condition."""
    waiting = billing.standing(clock.today(), Agreement.id == agreement.id).conditional
    return waiting[0].key
