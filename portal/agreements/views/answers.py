"""What the parties say to a version: a Word of their own, agreement, or HSV's taking over."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import listing, negotiation, uploading, versions
from portal.agreements.drafting_checks import LOCKED_ARTICLES
from portal.agreements.forms.steps import ButtonForm, UploadForm
from portal.agreements.models import AgreementVersion
from portal.agreements.proposing import Prepared
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import guard
from portal.core.attempts import attempt
from portal.core.db import db, reading
from portal.core.forms import need_file
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route("/overeenkomsten/<reference>/eigen-versie", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def upload(reference: str) -> Answer:
    """Take in a partner's edited Word as a counter-proposal."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "counter_propose", actor)
    latest = versions.newest(agreement)
    form = UploadForm(data={"number": latest.number})
    if form.validate_on_submit() and _upload(reference, form):
        flash(gettext("Jullie versie is bewaard zoals ze is en aan HSV bezorgd."), "success")
        return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template(
        "agreements/upload.html",
        agreement=listing.find(actor, reference),
        form=form,
        version=latest,
        locked=LOCKED_ARTICLES,
    )


def _upload(reference: str, form: UploadForm) -> AgreementVersion | None:
    """Inspect and print outside the transaction that writes, then keep it."""
    actor, number = guard.actor(), form.number.data or 0
    db.session.rollback()

    def read_it() -> Prepared:
        _name, data = need_file(form.file)
        agreement = listing.find(actor, reference)
        return uploading.prepare(agreement, versions.numbered(agreement, number), data)

    def keep_it(prepared: Prepared) -> AgreementVersion:
        agreement = listing.find(actor, reference)
        return negotiation.upload(actor, agreement, number, prepared, form.note.data or "")

    with reading():
        prepared = attempt(form, read_it)
    return attempt(form, lambda: keep_it(prepared)) if prepared else None


@blueprint.route("/overeenkomsten/<reference>/akkoord", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def accept(reference: str) -> Answer:
    """Agree with the newest version for one's organisation."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "accept", actor)
    latest = versions.newest(agreement)
    form = ButtonForm(data={"number": latest.number})
    if form.validate_on_submit():

        def work() -> bool:
            negotiation.accept(actor, agreement, form.number.data or 0)
            return True

        if attempt(form, work):
            flash(
                gettext("Het akkoord van %(name)s is vastgelegd.", name=actor.organisation_name),
                "success",
            )
            return redirect(url_for("agreements.show", reference=reference), 303)
    own = next(
        (p for p in latest.terms.partners if p.organisation_id == actor.organisation_id), None
    )
    return render_template(
        "agreements/accept.html", agreement=agreement, form=form, version=latest, party=own
    )


@blueprint.post("/overeenkomsten/<reference>/overnemen")
@guard.requires(Permission.AGREEMENT_MANAGE)
def take_over(reference: str) -> Response:
    """Accept a partner's counter-proposal for HSV."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    number = request.form.get("number", 0, int)
    if attempt(None, lambda: (negotiation.take_over(actor, agreement, number),)):
        flash(
            gettext("Versie %(n)s is overgenomen en ligt voor aan de partners.", n=number),
            "success",
        )
    return redirect(url_for("agreements.show", reference=reference), 303)
