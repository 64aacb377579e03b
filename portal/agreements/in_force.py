"""The terms an agreement runs by now, and whether it lives.

Whatever follows an agreement (services, deadlines, money) reads them here, never on a version.
"""

from portal.agreements import decisions
from portal.agreements.models import Agreement, Status
from portal.agreements.terms import Terms

LIVED = (Status.ACTIVE, Status.ENDED, Status.TERMINATED)  # it is, or was, in force


def terms(agreement: Agreement) -> Terms:
    """Return the terms all parties agreed to. Raises NotFoundError before they did."""
    return decisions.agreed_version(agreement).terms
