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
from tests import make
from tests.agreements import make_agreement

STARTS_ON = date(2027, 1, 1)
ON_DAYS_AND_REPORT = (
    Instalment("Voorschot", 5_000, 1, 31),
    Instalment("Tussentijdse schijf", 3_000, 7, 1),
    Instalment("Saldo", 2_000, condition="Na goedkeuring van het jaarverslag"),
)
PDF = b"%PDF-1.7 overeenkomst"


_bodies = count(2_075_000)


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
