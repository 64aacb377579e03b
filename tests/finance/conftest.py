"""What tests of finance share."""

import pytest
from sqlalchemy.orm import Session

from portal.agreements.models import PackageEdition
from tests.agreements import make_agreement


@pytest.fixture
def offer(session: Session) -> PackageEdition:
    """The offer as shipped, in use: terms are filled in from it."""
    return make_agreement.load_offer()
