"""In which role one works."""

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import memberships, sessions
from portal.accounts.forms import ChooseMembershipForm
from portal.accounts.roles import label
from portal.accounts.views import blueprint
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.core.redirects import inside


@blueprint.route("/account/rol", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def choose_membership() -> str | Response:
    """Choose in which role, and for which organisation or branch, to go on."""
    held = memberships.active_memberships(actor().account_id)
    form = ChooseMembershipForm(membership=actor().membership_id)
    form.membership.choices = [
        (one.id, f"{one.place_name}: {gettext(label(one.role)).lower()}") for one in held
    ]
    if form.validate_on_submit():
        chosen = memberships.membership(form.membership.data)
        sessions.use_membership(g.sign_in_id, chosen, by=actor())
        db.session.commit()
        flash(gettext("Je werkt nu voor %(place)s.", place=chosen.place_name), "success")
        return redirect(inside(request.args.get("next")))
    return render_template("accounts/choose_membership.html", form=form, held=held)
