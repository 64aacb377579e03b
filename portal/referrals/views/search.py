"""Finding a referral. The words travel in the body: a name does not belong in an address."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import search as service
from portal.referrals.forms.search import SearchForm
from portal.referrals.views import blueprint


@blueprint.route("/zoeken", methods=["GET", "POST"])
@requires(Permission.REFERRAL_LIST)
def search() -> str | Response:
    """Show the search box, and what was found; one result opens at once."""
    form = SearchForm()
    found = None
    if form.validate_on_submit():
        found = service.find(actor(), form.q.data or "")
        db.session.commit()
        if found.reference:
            return redirect(url_for("referrals.show", reference=found.reference))
    return render_template("referrals/search.html", form=form, found=found)
