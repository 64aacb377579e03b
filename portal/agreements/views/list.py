"""The list of agreements, and how HSV begins one."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import drafting, listing, packages
from portal.agreements.drafting import Opening
from portal.agreements.drafting_checks import PARTIES
from portal.agreements.forms.opening import OpenDraftForm
from portal.agreements.partners import offered, pick
from portal.agreements.terms import Formula
from portal.agreements.views import blueprint
from portal.core import clock, export, guard, once
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.permissions import Permission


@blueprint.get("/overeenkomsten")
@guard.requires(Permission.AGREEMENT_READ)
def index() -> str | Response:
    """Show the agreements one may see: HSV all of them, a partner its own."""
    actor = guard.actor()
    query = listing.statement(actor)
    if form := request.args.get("formaat"):
        rows = listing.listing_for(actor).everything(query, request.args)
        names = listing.partner_names(db.session.execute(query).all())
        columns = listing.listing_for(actor, names).columns
        return export.respond(form, columns, rows, gettext("overeenkomsten"))
    page = listing.listing_for(actor).page(query, request.args, request.path, count=True)
    lines = listing.lines(page.rows, listing.partner_names(page.rows))
    return render_template("agreements/index.html", page=page, lines=lines)


@blueprint.get("/overeenkomsten/partners")
@guard.requires(Permission.AGREEMENT_MANAGE)
def suggest_partners() -> Response:
    """Suggest organisations that can be a partner, as JSON for ?q=."""
    return jsonify(
        [
            {"value": str(one.id), "label": one.name, "note": note}
            for one, note in offered(request.args.get("q", ""))
        ]
    )


@blueprint.route("/overeenkomsten/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def open_draft() -> str | Response:
    """Begin a draft for HSV: the package in use fills it in."""
    form = OpenDraftForm(data=_usual())
    if form.validate_on_submit() and (path := attempt(form, lambda: _open(form))):
        return redirect(path, 303)
    offer = packages.offer_of(packages.active_edition())
    hints = {str(p.formula): p.summary for p in offer.packages}
    return render_template("agreements/open_draft.html", form=form, hints=hints)


def _usual() -> dict[str, Any]:
    """Return what a new draft usually is: from 1 January on which bodies can still decide."""
    today = clock.today()
    year = today.year + (2 if today.month > 9 else 1)
    return {"starts_on": today.replace(year=year, month=1, day=1), "years": 3}


def _open(form: OpenDraftForm) -> str:
    actor = guard.actor()
    earlier = once.redeem(
        form.once.data, "agreements.open_draft", request.form, account_id=actor.account_id
    )
    if earlier:
        return earlier
    assert form.starts_on.data is not None
    assert form.years.data is not None
    opening = Opening(
        formula=Formula(form.formula.data),
        organisations=(pick(form.partner.data or "", form.partner_id.data or ""),),
        starts_on=form.starts_on.data,
        years=form.years.data,
        title=form.title.data or "",
    )
    agreement = drafting.start(actor, opening)
    path = url_for("agreements.edit", reference=agreement.reference, step=PARTIES)
    once.finish(str(form.once.data), path)
    flash(gettext("Het ontwerp is geopend. Alleen Home-Start Vlaanderen ziet het."), "success")
    return path
