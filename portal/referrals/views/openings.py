"""Families that waited on a list until there was a branch where they live."""

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import openings, present, senders
from portal.referrals.forms.openings import OpeningForm
from portal.referrals.models import Referral
from portal.referrals.states import workflow
from portal.referrals.views import blueprint


@blueprint.get("/op-de-lijst")
@requires(Permission.REFERRAL_HANDLE)
def listed() -> str:
    """Show who waits for this branch, without anything about the families."""
    return render_template("referrals/listed.html", families=openings.waiting_for(actor()))


@blueprint.route("/op-de-lijst/<reference>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def take_up(reference: str) -> str | Response:
    """Show how a family is reached, and note what it answers.

    The key is looked at before the referral: after its answer the family waits no longer.
    """
    form = OpeningForm()
    if request.method == "POST" and form.validate():
        yes = form.says_yes
        done = keep(
            form,
            f"opening {reference}",
            url_for("referrals.show", reference=reference) if yes else url_for("referrals.listed"),
            lambda: _answered(reference, form),
            gettext("Het gezin staat nu bij jullie verwijzingen.")
            if yes
            else gettext("Het gezin staat niet meer op de lijst. Wat we bewaarden, is gewist."),
        )
        if done:
            return done
    referral = openings.open_contact(actor(), reference)
    if request.method == "GET":
        form.version.data = referral.version
    page = render_template(
        "referrals/take_up.html",
        form=form,
        referral=referral,
        until=openings.until(referral),
        sender=senders.sender(referral),
        contact=_contact(referral),
    )
    db.session.commit()  # no access event, no page
    return page


def _contact(referral: Referral) -> present.Contact | None:
    return present.contact(referral.family) if referral.family else None


def _answered(reference: str, form: OpeningForm) -> None:
    referral = openings.find(actor(), reference, to_decide=True)
    workflow.expect(referral, form.version.data)
    if form.says_yes:
        openings.take_up(actor(), referral, form.said())
    else:
        assert form.on.data is not None
        openings.leave(actor(), referral, form.on.data)
