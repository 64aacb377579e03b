"""Handing a referral over to another branch."""

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import reading
from portal.referrals import transfer as service
from portal.referrals.forms.transfer import TransferForm
from portal.referrals.states import workflow
from portal.referrals.views import blueprint
from portal.referrals.views.decide import too_late


@blueprint.route("/<reference>/overdragen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def transfer(reference: str) -> str | Response:
    """Ask where the family lives now and whether it agrees, and hand it over.

    The key is looked at before the referral: who sends the form again no longer sees it.
    """
    form = TransferForm()
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"transfer {reference}",
            url_for("referrals.index"),
            lambda: _hand_over(reference, form),
            gettext("De verwijzing is overgedragen. De andere afdeling is verwittigd."),
        )
        if done:
            return done
    referral = reading.find(actor(), reference)
    if request.method == "GET":
        if not workflow.can(referral, "transfer", actor()):
            return too_late(referral)
        form.version.data = referral.version
    return render_template("referrals/transfer.html", form=form, referral=referral)


def _hand_over(reference: str, form: TransferForm) -> None:
    referral = reading.find(actor(), reference, to_decide=True)
    workflow.expect(referral, form.version.data)
    service.transfer(actor(), referral, form.handover())
