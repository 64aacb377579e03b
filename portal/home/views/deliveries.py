"""Mails that wait or failed: subject and reason, never whom or what."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from portal.core import audit, outbox
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.outbox import OutboxMessage, State
from portal.core.permissions import Permission
from portal.home.views import blueprint

MOST = 100


@blueprint.get("/verzendingen")
@requires(Permission.OUTBOX_MANAGE)
def deliveries() -> str:
    """List what failed and what waits, with the reason."""
    counts = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    return render_template(
        "home/deliveries.html",
        counts={row[0]: row[1] for row in db.session.execute(counts)},
        failed=_latest(State.FAILED),
        waiting=_latest(State.WAITING),
        most=MOST,
    )


@blueprint.post("/verzendingen/<int:message_id>/opnieuw")
@requires(Permission.OUTBOX_MANAGE)
def retry_delivery(message_id: int) -> Response:
    """Put a failed delivery back in line."""
    message = db.session.get(OutboxMessage, message_id)
    if message is None or message.state != State.FAILED:
        flash(gettext("Deze verzending staat al in de rij of is intussen vertrokken."))
        return redirect(url_for("home.deliveries"))
    outbox.retry(message)
    audit.record("outbox_message:retry", message, actor=actor())
    db.session.commit()
    flash(gettext("De verzending staat opnieuw in de rij."), "success")
    return redirect(url_for("home.deliveries"))


def _latest(state: State) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.state == state)
    return list(db.session.scalars(query.order_by(OutboxMessage.created_at.desc()).limit(MOST)))
