"""What the access matrix needs to know of finance: two partners with an invoice each.

The finance officer sees every partner's: of "another's" there is none for her.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.models import Account
from portal.core.db import db
from portal.directory.models import Organisation
from portal.finance import bank_files, payments, questions
from portal.finance.models import Invoice, Payment
from tests import make
from tests.finance import make_finance, make_late, make_online, make_payment
from tests.finance.bank_files import coda, movement, statement

MISSING_REFERENCE = "F-0000-0000"
MISSING_PAYMENT = "P-0000-0000"
MISSING_ID = 7
OF_A_PAYMENT = {
    "finance.payment",
    "finance.accept_suggestion",
    "finance.place_payment",
    "finance.place_elsewhere",
    "finance.take_back_place",
}
MARCH = date(2027, 3, 1)
OWNERS = frozenset({"partner_finance", "finance_officer"})


@dataclass
class Billed:
    """An issued invoice of each of two partners, and a question about the first."""

    own: Invoice
    other: Invoice
    contact: Account
    question_id: int
    condition_key: str
    entry_id: int
    online: Payment
    reminder_id: int
    payment_reference: str
    file_id: int

    def arguments(self, endpoint: str, whose: str, who: object) -> dict[str, Any]:
        """Return the values of the arguments of these pages; nothing for another's pages."""
        if not endpoint.startswith("finance."):
            return {}
        another = self.other.reference if who is self.contact else MISSING_REFERENCE
        references = {"own": self.own.reference, "other": another}
        missing = MISSING_REFERENCE
        if endpoint in OF_A_PAYMENT:  # HSV's own: there is no other's
            references, missing = {"own": self.payment_reference}, MISSING_PAYMENT
        if endpoint == "finance.refund_online":  # a payment, and HSV's only
            references = {"own": self.online.reference}
        return {
            "reference": references.get(whose, missing),
            "form": "csv" if endpoint == "finance.export_journal" else "pdf",
            "question_id": self.question_id,
            "entry_id": self.entry_id,
            "reminder_id": self.reminder_id,
            "number": 1,
            "file_id": self.file_id if whose == "own" else MISSING_ID,
            "organisation_id": self.own.organisation_id,
            "key": self.condition_key,
        }


def build(contact: Account, organisation: Organisation) -> Billed:
    """Store them; `organisation` is where the finance contact works."""
    make_finance.settings()
    _address(organisation)
    own = make_finance.issued(organisation)
    other = make_finance.issued(make_finance.municipality("Gemeente Elders"))
    asked = questions.ask(make.actor(contact), own, "Wat is dit?")
    agreement = make_finance.active([organisation])
    db.session.commit()
    key = make_finance.conditional_key(agreement)
    payment = make_payment.paid(own, 100_00)
    placed = payments.entries_of(payment)[1][0]
    online, reminder = make_online.booked(own), make_late.reminded(own)
    file = bank_files.keep(coda(statement(1, 0, movement(1_00, MARCH))), "maart.cod", None)
    db.session.commit()
    return Billed(
        own,
        other,
        contact,
        asked.id,
        key,
        placed.id,
        online,
        reminder.id,
        payment.reference,
        file.id,
    )


def _address(organisation: Organisation) -> None:
    organisation.kbo = make_finance.new_kbo()
    organisation.street, organisation.postcode = "Dorpsstraat 1", "9820"
    organisation.city = "Merelbeke-Melle"
    db.session.commit()
