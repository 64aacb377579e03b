"""The first page: for visitors what Home-Start is, for who is signed in what waits."""

from flask import g, render_template

from portal.core.permissions import Actor, Permission
from portal.home import agreements, budgets, coordinator, referrer, staff
from portal.home.views import blueprint


@blueprint.get("/")
def start() -> str:
    """Show what the role in use is to do today, or the public front page."""
    who: Actor | None = g.actor
    if who is None:
        return render_template("home/front.html")
    if who.can(Permission.REFERRAL_HANDLE):
        return render_template("home/coordinator.html", day=coordinator.day(who))
    if who.can(Permission.REFERRAL_SUBMIT):
        return render_template("home/referrer.html", day=referrer.day(who))
    if who.can(Permission.UNMET_DEMAND_VIEW):
        return render_template(
            "home/staff.html",
            day=staff.day(who),
            agreements=agreements.day(who),
            budgets=budgets.day(who),
        )
    if who.can(Permission.AGREEMENT_READ):
        return render_template(
            "home/partner.html", agreements=agreements.day(who), budgets=budgets.day(who)
        )
    return render_template("home/start.html")
