"""The files beside a referral: adding, saving and removing them."""

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import downloads
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import attachments as service
from portal.referrals import reading
from portal.referrals.forms.attachments import AttachmentForm, RemoveForm
from portal.referrals.models import Referral
from portal.referrals.views import blueprint


@blueprint.route("/<reference>/bijlagen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_LIST, logs_access=True)
def attachments(reference: str) -> str | Response:
    """Show the files beside a referral, and add one."""
    referral = _opened(reference)
    handles = actor().can(Permission.REFERRAL_HANDLE)
    form = AttachmentForm(asks_sharing=handles)
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"attachment {referral.id}",
            _page_of(referral),
            lambda: _add(referral, form),
            gettext("De bijlage is toegevoegd."),
        )
        if done:
            return done
        referral = _opened(reference)
    found = service.of(actor(), referral)
    db.session.commit()
    return render_template(
        "referrals/attachments.html", form=form, referral=referral, files=found, handles=handles
    )


@blueprint.get("/<reference>/bijlagen/<int:attachment_id>")
@requires(Permission.REFERRAL_LIST, logs_access=True)
def attachment(reference: str, attachment_id: int) -> FlaskResponse:
    """Send one file as a download; who saved it is noted first."""
    referral = reading.find(actor(), reference)
    found = service.find(actor(), referral, attachment_id)
    reading.open_family(actor(), reference, ("attachment",))
    db.session.commit()
    return downloads.send(found.document)


@blueprint.route("/<reference>/bijlagen/<int:attachment_id>/verwijderen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_LIST)
def remove_attachment(reference: str, attachment_id: int) -> str | Response:
    """Ask whether a file may go, and remove it."""
    referral = reading.find(actor(), reference)
    form = RemoveForm()
    found = service.find(actor(), referral, attachment_id)
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"remove attachment {attachment_id}",
            _page_of(referral),
            lambda: service.remove(actor(), referral, found),
            gettext("De bijlage is verwijderd."),
        )
        if done:
            return done
    return render_template(
        "referrals/remove_attachment.html",
        form=form,
        referral=referral,
        filename=found.document.filename,
    )


def _opened(reference: str) -> Referral:
    return reading.open_family(actor(), reference, ("attachments",))


def _page_of(referral: Referral) -> str:
    return url_for("referrals.attachments", reference=referral.reference)


def _add(referral: Referral, form: AttachmentForm) -> None:
    sent = form.file.data
    data = sent.stream.read()
    service.add(actor(), referral, data, sent.filename or "", shared=form.is_shared)
