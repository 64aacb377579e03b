"""Whether a family was referred before: shown to the coordinator, and decided by her."""

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import duplicates as service
from portal.referrals import reading
from portal.referrals.forms.duplicates import DuplicateForm
from portal.referrals.states import STATUS_LABELS
from portal.referrals.views import blueprint


@blueprint.route("/<reference>/dubbels", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def duplicates(reference: str) -> str | Response:
    """Show the referrals that may be of the same family, and decide on one."""
    referral = reading.open_family(actor(), reference, ("duplicates",))
    form = DuplicateForm(data={"pair": request.args.get("paar", "")})
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"duplicate {referral.id}",
            url_for("referrals.duplicates", reference=referral.reference),
            lambda: service.decide(
                actor(), referral, form.pair.data or "", form.same.data, form.reason.data or ""
            ),
            gettext("Je beslissing is bewaard."),
        )
        if done:
            return done
        referral = reading.open_family(actor(), reference, ("duplicates",))
    found = service.candidates(referral)
    db.session.commit()
    return render_template(
        "referrals/duplicates.html",
        form=form,
        referral=referral,
        candidates=found,
        chosen=next((one for one in found if one.pair == form.pair.data), None),
        statuses=STATUS_LABELS,
    )
