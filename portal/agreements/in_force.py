"""The terms an agreement runs by now, and whether it lives.

Whatever follows an agreement (services, deadlines, money) reads them here, never on a version.
"""

from datetime import date

from portal.agreements import decisions, drafting
from portal.agreements.models import Agreement, Status
from portal.agreements.terms import Renewal, Terms

LIVED = (Status.ACTIVE, Status.ENDED, Status.TERMINATED)  # it is, or was, in force


def terms(agreement: Agreement) -> Terms:
    """Return the terms all parties are bound by. Raises NotFoundError before they agreed."""
    return run_on(decisions.agreed_version(agreement).terms, agreement.renewed_until)


def run_on(agreed: Terms, renewed_until: date | None) -> Terms:
    """Return terms as they are after a tacit renewal; the same when there was none (None).

    They run on under the same conditions: each year that was added costs what the last one did,
    and the next renewal must be express (article 23).
    """
    if renewed_until is None:
        return agreed
    longer = drafting.with_dates(agreed, agreed.starts_on, renewed_until)
    return longer.with_(renewal=Renewal.EXPRESS)


def last_on(agreement: Agreement) -> date | None:
    """Return the last day: the agreed one, or an earlier one after notice."""
    known = [day for day in (agreement.ends_on, agreement.stops_on) if day is not None]
    return min(known, default=None)
