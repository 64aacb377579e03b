"""A payer who asks the bank for the money back: what Stripe takes, and gives back if HSV wins."""

from portal.core import clock
from portal.core.db import db
from portal.finance.models import DisputeState, OnlineDispute
from portal.finance.online import bookings
from portal.finance.online.facts import DisputeFact


def apply(fact: DisputeFact) -> None:
    """Take in what Stripe says of a dispute, and book what follows."""
    online = bookings.hold(fact.intent_id)
    query = db.select(OnlineDispute).where(OnlineDispute.remote_id == fact.remote_id)
    dispute = db.session.scalar(query)
    if dispute is None:
        dispute = OnlineDispute(
            online_payment_id=online.id,
            remote_id=fact.remote_id,
            cents=fact.cents,
            state=DisputeState.OPEN,
            movements={},
            told=False,
            at=clock.now(),
        )
        db.session.add(dispute)
    if fact.state.rank > dispute.state.rank:
        dispute.state = fact.state
    told = {one.remote_id: [one.cents, one.fee_cents, one.on.isoformat()] for one in fact.movements}
    if told.keys() - dispute.movements.keys():
        dispute.movements = dispute.movements | told
    if db.session.is_modified(dispute) or dispute in db.session.new:
        bookings.bring_up_to_date(online)
