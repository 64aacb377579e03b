"""Asking Stripe what it may have told and we did not hear: once a day, so that nothing is lost."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from portal.core import clock
from portal.core.db import db, reading
from portal.core.jobs import periodic
from portal.finance import payments
from portal.finance.models import CheckoutState, OnlineCheckout
from portal.finance.online import checkout, events, facts, gateway
from portal.finance.online.facts import Fact, NotOursError

log = logging.getLogger(__name__)

BACK = timedelta(days=30)
QUIET = timedelta(hours=1)  # an event may still be under way
_UNFINISHED = (CheckoutState.OPEN, CheckoutState.PROCESSING)


@periodic(timedelta(hours=24))
def ask() -> None:
    """Ask how every unfinished checkout stands, and for refunds, disputes and payouts of late."""
    if not gateway.in_use():
        return
    with reading():
        unfinished = [remote_id for remote_id in db.session.scalars(_unfinished()) if remote_id]
        known = db.session.scalar(select(OnlineCheckout.id).limit(1))
    for remote_id in unfinished:
        _take_in(_asked(remote_id))
    if known is not None:
        for fact in _listed(clock.now() - BACK):
            _take_in(fact)
    _close_outdated()


def _unfinished() -> Select[str | None]:
    return select(OnlineCheckout.remote_id).where(
        OnlineCheckout.state.in_(_UNFINISHED),
        OnlineCheckout.remote_id.is_not(None),
        OnlineCheckout.created_at < clock.now() - QUIET,
    )


def _asked(remote_id: str) -> Fact | None:
    try:
        return gateway.read_session(remote_id)
    except (gateway.RefusedError, NotOursError):
        log.warning("stripe does not know a session of ours any more")
        return None


def _listed(since: datetime) -> Iterator[Fact | None]:
    for kind, rows in (
        (facts.refund, gateway.refunds_since(since)),
        (facts.dispute, gateway.disputes_since(since)),
        (facts.payout, gateway.payouts_since(since)),
    ):
        for raw in list(rows):
            try:
                yield kind(raw)
            except NotOursError:
                continue


def _take_in(fact: Fact | None) -> None:
    if fact is not None:
        events.apply_fact(fact, clock.today())
        db.session.commit()


def _close_outdated() -> None:
    """Close the sessions in which another amount would be paid than is open by now."""
    query = select(OnlineCheckout).where(OnlineCheckout.state == CheckoutState.OPEN)
    for one in db.session.scalars(query).all():
        if one.cents != payments.open_cents(one.invoice):
            checkout.close_later(one)
