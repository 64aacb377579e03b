"""Events from Stripe: kept once by their id, applied at once, and again later where that failed."""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, insert_if_absent
from portal.core.jobs import periodic
from portal.core.plain import from_plain, to_plain
from portal.finance.models import StripeEvent
from portal.finance.online import checkout, disputes, facts, gateway, payouts, refunds
from portal.finance.online.facts import (
    SHAPES,
    DisputeFact,
    Fact,
    NotOursError,
    RefundFact,
    SessionFact,
)

log = logging.getLogger(__name__)

LONGEST_ID = 120
AT_A_TIME = 200
NOT_OURS = "not ours"


def take(event: dict[str, Any]) -> StripeEvent | None:
    """Keep an event Stripe signed; None when it was kept before, or says nothing of use here.

    Raises gateway.ForgedError for one that is no event at all.
    """
    try:
        event_id, kind = str(event["id"]), str(event["type"])
        happened_at = facts.moment(event["created"])
        fact = facts.of_event(kind, event["data"]["object"])
    except NotOursError:
        return None
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise gateway.ForgedError("shape") from error
    if fact is None or len(event_id) > LONGEST_ID:
        return None
    shape = next(name for name, shape in SHAPES.items() if isinstance(fact, shape))
    kept = insert_if_absent(
        StripeEvent,
        event_id=event_id,
        kind=kind[:60],
        happened_at=happened_at,
        received_at=clock.now(),
        fact_json={"shape": shape, "fact": to_plain(fact)},
        problem="",
    )
    return db.session.get_one(StripeEvent, event_id) if kept else None


def apply(event: StripeEvent) -> None:
    """Do what an event says, in the transaction under way."""
    shape = SHAPES[event.fact_json["shape"]]
    fact: Fact = from_plain(shape, event.fact_json["fact"])
    if not apply_fact(fact, clock.local(event.happened_at).date()):
        event.problem = NOT_OURS
    event.applied_at = clock.now()


def apply_fact(fact: Fact, on: Any) -> bool:
    """Do what a fact says; `on`: the day it became so. Returns False for what is not ours."""
    if isinstance(fact, SessionFact):
        return checkout.apply(fact, on)
    if isinstance(fact, RefundFact):
        refunds.apply(fact, on)
    elif isinstance(fact, DisputeFact):
        disputes.apply(fact)
    else:
        payouts.apply(fact, on)
    return True


@periodic(timedelta(minutes=2))
def apply_waiting() -> None:
    """Apply what was kept and could not be applied when it came."""
    waiting = select(StripeEvent.event_id).where(StripeEvent.applied_at.is_(None))
    ids = db.session.scalars(waiting.order_by(StripeEvent.received_at).limit(AT_A_TIME)).all()
    for event_id in ids:
        row = select(StripeEvent).where(StripeEvent.event_id == event_id).with_for_update()
        event = db.session.scalars(row.execution_options(populate_existing=True)).one()
        if event.applied_at is None:
            try:
                apply(event)
            except Exception as error:  # noqa: BLE001 - one event's failure is not another's
                db.session.rollback()
                note_failure(event_id, error)
        db.session.commit()


def note_failure(event_id: str, error: Exception) -> None:
    """Say on an event why it was not applied; it will be tried again."""
    log.error("stripe event %s not applied: %s", event_id, type(error).__name__)
    db.session.get_one(StripeEvent, event_id).problem = type(error).__name__[:60]
