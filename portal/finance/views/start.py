"""The first page of finance: for HSV what is to be done, for a partner what it owes."""

from flask import render_template

from portal.core import clock, guard
from portal.core.permissions import Permission
from portal.finance import dues
from portal.finance.views import blueprint

MOST = 12


@blueprint.get("/financien")
@guard.requires(Permission.FINANCE_VIEW)
def start() -> str:
    """Show what the agreements in force make due, to HSV of all and to a partner of its own."""
    today = clock.today()
    found = dues.visible_to(guard.actor())
    dated = [due for due in found if due.on is not None and due.on.year >= today.year]
    conditional = [due for due in found if due.on is None and due.year >= today.year]
    return render_template(
        "finance/start.html",
        dated=dated[:MOST],
        conditional=conditional[:MOST],
        more=max(len(dated) - MOST, 0) + max(len(conditional) - MOST, 0),
        today=today,
    )
