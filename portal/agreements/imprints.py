"""What is printed on the documents of an agreement beside its terms."""

from datetime import date

from portal.agreements import dated_texts, decisions
from portal.agreements.contract import Imprint
from portal.agreements.contract_parties import Decided
from portal.agreements.models import Agreement


def imprint_of(agreement: Agreement, number: int | None, on: date) -> Imprint:
    """Return the imprint of a document made on a day: its number, what the bodies decided on the
    version that was agreed, and the law as it is worded that day."""
    decided = {
        organisation_id: Decided(row.body, row.decided_on, row.title, row.number, row.uri)
        for organisation_id, row in decisions.current(agreement).items()
    }
    return Imprint(agreement.reference, number, on, decided, dated_texts.law_on(on))
