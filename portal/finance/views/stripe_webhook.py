"""Where Stripe tells what happened. Everything unsigned, stale or too large is turned away."""

import logging

from flask import abort, request

from portal.core.db import db
from portal.core.web import csrf
from portal.finance.online import events, gateway
from portal.finance.views import blueprint

log = logging.getLogger(__name__)

LARGEST_BYTES = 512 * 1024


@blueprint.post("/stripe/webhook")
@csrf.exempt  # it carries a signature instead
def stripe_webhook() -> tuple[str, int]:
    """Keep an event and do what it says; what cannot be done now, the worker does later."""
    request.max_content_length = LARGEST_BYTES
    try:
        signed = gateway.verified(request.get_data(), request.headers.get("Stripe-Signature", ""))
        event = events.take(signed)
    except gateway.ForgedError:
        abort(400)
    if event is None:
        db.session.commit()
        return "", 200
    event_id = event.event_id
    db.session.commit()  # kept, whatever comes next
    try:
        events.apply(event)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - Stripe has done its part; the worker tries again
        db.session.rollback()
        events.note_failure(event_id, error)
        db.session.commit()
    return "", 200
