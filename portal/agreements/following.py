"""What an agreement in force does by the calendar: ask, run on, end. A job of the worker."""

from datetime import timedelta

from portal.agreements import addendum_signing, ending, renewal
from portal.agreements.models import Agreement
from portal.agreements.states import workflow
from portal.core.db import db
from portal.core.jobs import periodic


@periodic(timedelta(hours=6))
def follow() -> int:
    """Take every agreement in force one step further that is due. Returns how many moved."""
    return sum(_follow(agreement_id) for agreement_id in renewal.active_ids())


def _follow(agreement_id: int) -> bool:
    agreement = db.session.get_one(Agreement, agreement_id)
    workflow.expect(agreement, None)
    if renewal.close(agreement):
        return True
    if ending.end_when_over(agreement):
        addendum_signing.expire(agreement)
        return True
    return renewal.ask(agreement)
