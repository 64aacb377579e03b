"""Services delivered: promised against done, the log, and putting it right."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import attachments, deliveries, deliveries_list, in_force, listing, promised
from portal.agreements.forms.deliveries import CorrectionForm, DeliveryForm, StrikeForm, known
from portal.agreements.models import Agreement, Delivery
from portal.agreements.views import blueprint
from portal.core import export, guard
from portal.core.documents import Document
from portal.core.downloads import send
from portal.core.errors import ConflictError, NotFoundError
from portal.core.forms import sent_file
from portal.core.i18n import N_
from portal.core.kept import keep
from portal.core.permissions import Permission

Answer = Response | str
_LOG = "/overeenkomsten/<reference>/diensten"


@blueprint.get(_LOG)
@guard.requires(Permission.AGREEMENT_READ)
def services(reference: str) -> Answer:
    """Show what was promised and done, and the log of it; to all parties alike."""
    actor = guard.actor()
    agreement = _living(reference)
    terms = in_force.over_time(agreement)
    shown = deliveries_list.listing_for(terms)
    query = deliveries_list.statement(actor, agreement)
    if request.args.get("alles") != "1":
        query = query.where(Delivery.replaced_at.is_(None))
    if form := request.args.get("formaat"):
        rows = shown.everything(query, request.args)
        name = f"{gettext('diensten')} {agreement.reference}"
        return export.respond(form, shown.columns, rows, name)
    page = shown.page(query, request.args, request.path, count=True)
    return render_template(
        "agreements/services.html",
        agreement=agreement,
        page=page,
        titles={deliveries.key_of(one): one.title for one in terms.services},
        hours=deliveries_list.hours,
        overview=promised.overview(agreement),
        may_record=deliveries.may_record(actor, agreement),
    )


@blueprint.route(f"{_LOG}/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.DELIVERY_RECORD)
def record_delivery(reference: str) -> Answer:
    """Note something HSV did for this agreement."""
    actor = guard.actor()
    agreement = _living(reference)
    form = DeliveryForm(data={"by_name": actor.name, "count": 1})
    form.offer(in_force.over_time(agreement))

    def work() -> Delivery:
        return deliveries.record(actor, agreement, form.done(), _document(form))

    if form.validate_on_submit():
        said = gettext("Genoteerd. De partners zien het op hun pagina.")
        if done := keep(form, f"delivery {agreement.id}", _page_of(agreement), work, said):
            return done
    return render_template("agreements/record_delivery.html", agreement=agreement, form=form)


@blueprint.route(f"{_LOG}/<int:delivery_id>/verbeteren", methods=["GET", "POST"])
@guard.requires(Permission.DELIVERY_RECORD)
def correct_delivery(reference: str, delivery_id: int) -> Answer:
    """Put a better row in the place of one; the old one stays readable."""
    actor = guard.actor()
    agreement = _living(reference)
    wrong = _standing(agreement, delivery_id)
    form = CorrectionForm(data=known(wrong))
    form.offer(in_force.over_time(agreement))

    def work() -> Delivery:
        return deliveries.correct(
            actor,
            agreement,
            wrong,
            form.done(),
            reason=form.reason.data or "",
            document=_document(form),
        )

    if form.validate_on_submit():
        said = gettext("Verbeterd. De vorige regel blijft leesbaar.")
        if done := keep(form, f"correct {delivery_id}", _page_of(agreement), work, said):
            return done
    return render_template(
        "agreements/correct_delivery.html", agreement=agreement, form=form, delivery=wrong
    )


@blueprint.route(f"{_LOG}/<int:delivery_id>/schrappen", methods=["GET", "POST"])
@guard.requires(Permission.DELIVERY_RECORD)
def strike_delivery(reference: str, delivery_id: int) -> Answer:
    """Strike a row out, saying why."""
    actor = guard.actor()
    agreement = _living(reference)
    wrong = _standing(agreement, delivery_id)
    form = StrikeForm()

    def work() -> None:
        deliveries.strike(actor, agreement, wrong, form.reason.data or "")

    if form.validate_on_submit():
        said = gettext("Geschrapt. De regel blijft leesbaar, maar telt niet meer mee.")
        if done := keep(form, f"strike {delivery_id}", _page_of(agreement), work, said):
            return done
    return render_template(
        "agreements/strike_delivery.html", agreement=agreement, form=form, delivery=wrong
    )


@blueprint.get(f"{_LOG}/<int:delivery_id>/document")
@guard.requires(Permission.AGREEMENT_READ)
def delivery_file(reference: str, delivery_id: int) -> Response:
    """Send the document beside a row."""
    agreement = listing.find(guard.actor(), reference)
    found = deliveries.find(agreement, delivery_id)
    if found.document is None:
        raise NotFoundError()
    return send(found.document)


def _living(reference: str) -> Agreement:
    """Return an agreement that is or was in force. Raises NotFoundError."""
    agreement = listing.find(guard.actor(), reference)
    if agreement.status not in in_force.LIVED:
        raise NotFoundError()
    return agreement


def _standing(agreement: Agreement, delivery_id: int) -> Delivery:
    found = deliveries.find(agreement, delivery_id)
    if found.replaced_at is not None and request.method == "GET":
        raise ConflictError(N_("Een collega heeft deze regel intussen verbeterd of geschrapt."))
    return found


def _document(form: Any) -> Document | None:
    sent = sent_file(form.file)
    return attachments.keep(sent[1], sent[0]) if sent else None


def _page_of(agreement: Agreement) -> str:
    return url_for("agreements.services", reference=agreement.reference)
