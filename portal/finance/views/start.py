"""The first page of finance: for HSV what is to be done, for a partner what it owes."""

from flask import render_template

from portal.core import clock, guard
from portal.core.permissions import Permission
from portal.finance import (
    billing,
    dues,
    invoice_figures,
    invoicing_settings,
    owed,
    questions,
    reminder_present,
)
from portal.finance.views import blueprint

MOST = 12
MOST_TASKS = 6


@blueprint.get("/financien")
@guard.requires(Permission.FINANCE_VIEW)
def start() -> str:
    """Show what is to be done and what agreements in force make due: to a partner its own."""
    actor, today = guard.actor(), clock.today()
    everything = actor.can(Permission.FINANCE_READ_ALL)
    found, asked_for = dues.visible_to(actor), billing.asked_for(actor)
    rest = [due for due in found if due.key not in asked_for] if everything else found
    dated = [due for due in rest if due.on is not None and due.on.year >= today.year]
    conditional = [due for due in rest if due.on is None and due.year >= today.year]
    return render_template(
        "finance/start.html",
        dated=dated[:MOST],
        conditional=conditional[:MOST],
        more=max(len(dated) - MOST, 0) + max(len(conditional) - MOST, 0),
        today=today,
        asked_for=asked_for,
        figures=invoice_figures.figures(actor),
        settled=invoicing_settings.find(today) is not None,
        failed=invoice_figures.failed_deliveries(MOST_TASKS) if everything else [],
        asked=questions.unanswered(MOST_TASKS) if everything else [],
        aged=owed.aged(actor, today),
        to_do=owed.to_do(today) if everything else None,
        failed_reminders=reminder_present.failed_count() if everything else 0,
        expected=owed.expected(actor, found, today) if everything else None,
        still_open=[] if everything else owed.still_open(actor, today, MOST),
    )
