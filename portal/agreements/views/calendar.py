"""The dates of all agreements: as a page, and as a feed for one's own calendar."""

from flask import Response as FileResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from portal.agreements import calendar_links, deadlines_ics, deadlines_list
from portal.agreements.views import blueprint
from portal.core import clock, guard
from portal.core.db import db
from portal.core.permissions import Permission
from portal.core.web import limiter


@blueprint.get("/agenda")
@guard.requires(Permission.AGREEMENT_READ)
def deadlines() -> str:
    """Show what is due, the first thing first."""
    return _page(None)


@blueprint.post("/agenda/koppeling")
@guard.requires(Permission.AGREEMENT_READ)
def make_calendar_link() -> str:
    """Make a secret address for one's calendar and show it, this once."""
    actor = guard.actor()
    secret = calendar_links.make(actor)
    db.session.commit()
    base = current_app.config["BASE_URL"]
    return _page(f"{base}{url_for('agreements.calendar_feed', secret=secret)}")


def _page(secret: str | None) -> str:
    """Show the coming year, or everything when asked."""
    actor = guard.actor()
    every = deadlines_list.due(actor)
    last = clock.today() + deadlines_list.AHEAD
    shown = every if "alles" in request.args else [d for d in every if d.deadline.on <= last]
    return render_template(
        "agreements/deadlines.html",
        dues=shown,
        later=len(every) - len(shown),
        meetings=[
            (agreement, meeting)
            for agreement, meeting in deadlines_list.meetings(actor)
            if meeting.cancelled_at is None and meeting.starts_at > clock.now()
        ],
        link=calendar_links.link_of(actor),
        secret=secret,
    )


@blueprint.post("/agenda/koppeling/intrekken")
@guard.requires(Permission.AGREEMENT_READ)
def revoke_calendar_link() -> Response:
    """Make one's secret address void."""
    calendar_links.revoke(guard.actor())
    db.session.commit()
    flash(gettext("De koppeling is ingetrokken. Je kalender krijgt niets meer."), "success")
    return redirect(url_for("agreements.deadlines"), 303)


@blueprint.get("/agenda/<secret>.ics")
@limiter.limit("600 per hour")  # one service may read for many people
def calendar_feed(secret: str) -> FileResponse:
    """Answer a calendar that knows somebody's secret address."""
    reader = calendar_links.reader(secret)
    with force_locale(reader.locale or "nl"):
        data = deadlines_ics.calendar(
            gettext("Home-Start: overeenkomsten"),
            deadlines_list.due(reader),
            deadlines_list.meetings(reader),
        )
    answer = FileResponse(data, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
