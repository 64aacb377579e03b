"""What tests of finance share."""

import pytest
from sqlalchemy.orm import Session

from portal.agreements.models import PackageEdition
from portal.finance.models import InvoicingSettings
from tests.agreements import make_agreement
from tests.finance import make_finance


@pytest.fixture
def offer(session: Session) -> PackageEdition:
    """The offer as shipped, in use: terms are filled in from it."""
    return make_agreement.load_offer()


@pytest.fixture
def settings(session: Session) -> InvoicingSettings:
    """HSV on its invoices, recorded."""
    return make_finance.settings()
