"""What the access matrix needs to know of enquiries and the offer.

Everybody who may see enquiries sees all that are confirmed: "another's" is one that is not.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.agreements import contract, enquiries, legal, word_templates
from portal.agreements.contract import TemplateKind
from portal.agreements.models import Enquiry
from portal.core.db import db
from tests.agreements import make_agreement

ENQUIRY_PAGES = frozenset(
    f"agreements.{name}"
    for name in ("enquiry", "answer_enquiry", "decline_enquiry", "open_enquiry")
)
_OFFER = frozenset(
    f"agreements.edit_{name}" for name in ("services", "package", "prices", "instalments")
)
MISSING_REFERENCE = "A-0000-0000"
NESTED = ("decision_id", "delegation_id", "comment_id", "meeting_id", "delivery_id")
NOBODYS_ID = 7


@dataclass
class Asked:
    """A confirmed enquiry, one that is not, and a legal ground."""

    confirmed: Enquiry
    unconfirmed: Enquiry
    ground_id: int

    def arguments(self, endpoint: str, whose: str) -> dict[str, Any]:
        """Return the values of the arguments of these pages; nothing for another's pages."""
        if not endpoint.startswith("agreements."):
            return {}
        # Whose agreement is whose is test_visibility's; here nobody has any.
        found: dict[str, Any] = {
            "reference": "O-0000-0000",
            "letter": "b",
            "ground_id": self.ground_id,
            "number": 1,
            "kind": "B",
            "form": "word",
            "step": "partijen",
            "position": 1,
            "secret": "geen-geldig-adres",
            **dict.fromkeys(NESTED, NOBODYS_ID),
        }
        if endpoint in ENQUIRY_PAGES:
            found["reference"] = {
                "own": self.confirmed.reference,
                "other": self.unconfirmed.reference,
            }.get(whose, MISSING_REFERENCE)
        if "edition" in endpoint or "package" in endpoint or endpoint in _OFFER:
            found["number"] = 2
        return found


def build() -> Asked:
    """Store them, with a draft edition of the offer beside the one in use."""
    make_agreement.load_offer()
    writer = make_agreement.edition_in_preparation()
    ground = legal.add_ground("council", "Artikel 41", date(2019, 1, 1), writer)
    shipped = contract.template(TemplateKind.COORDINATOR)
    word_templates.add(writer, TemplateKind.COORDINATOR, shipped, "overeenkomst.docx")
    confirmed, unconfirmed = make_agreement.enquiry(), make_agreement.enquiry()
    enquiries.workflow.fire(confirmed, "confirm", None)
    db.session.commit()
    return Asked(confirmed, unconfirmed, ground.id)
