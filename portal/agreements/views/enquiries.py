"""Enquiries as HSV's agreements managers see and answer them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, String, cast, or_, select
from werkzeug.wrappers import Response

from portal.agreements import enquiries as service
from portal.agreements import enquiry_drafts, enquiry_states, notices, packages_shown
from portal.agreements.drafting_checks import PARTIES
from portal.agreements.enquiry_choices import BUDGET, KINDS, SUPPORT
from portal.agreements.enquiry_notices import where_of
from portal.agreements.forms.enquiry import AnswerForm, DeclineForm, OpenFromEnquiryForm
from portal.agreements.models import Agreement, Enquiry, EnquiryStatus
from portal.agreements.terms import Formula
from portal.agreements.views import blueprint
from portal.core import export
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.references import read_reference
from portal.core.tables import Column, Filter, Listing
from portal.directory.municipalities import find_municipalities

Page = str | Response
PAGES = {"answer": "answer_enquiry", "decline": "decline_enquiry", "open_draft": "open_enquiry"}


def _words(text: str) -> ColumnElement[bool]:
    reference = read_reference(service.LETTER, text)
    if reference:
        return Enquiry.reference == reference
    return or_(
        Enquiry.organisation_name.icontains(text, autoescape=True),
        Enquiry.name.icontains(text, autoescape=True),
    )


def _about(text: str) -> ColumnElement[bool]:
    found = (f.place.nis for f in find_municipalities(text, limit=None))
    return or_(*(cast(Enquiry.municipalities, String).contains(f'"{nis}"') for nis in found))


def _states() -> list[tuple[str, str]]:
    labels = enquiry_states.STATUS_LABELS
    return [(s.value, gettext(labels[s])) for s in labels if s != EnquiryStatus.UNCONFIRMED]


COLUMNS: list[Column[Enquiry]] = [
    Column("aanvraag", N_("Aanvraag"), lambda e: e.reference),
    Column("organisatie", N_("Organisatie"), lambda e: e.organisation_name),
    Column("gemeenten", N_("Gemeenten"), where_of),
    Column("ontvangen", N_("Ontvangen"), lambda e: e.confirmed_at, sort=Enquiry.asked_at),
    Column("staat", N_("Staat"), lambda e: gettext(enquiry_states.STATUS_LABELS[e.status])),
]
EXPORTED: list[Column[Enquiry]] = [
    *COLUMNS,
    Column("naam", N_("Naam"), lambda e: e.name),
    Column("functie", N_("Functie"), lambda e: e.function),
    Column("email", N_("E-mailadres"), lambda e: e.email),
    Column("telefoon", N_("Telefoon"), lambda e: e.phone),
]
LISTING: Listing[Enquiry] = Listing(
    COLUMNS,
    row_id=Enquiry.id,
    first_sort="-ontvangen",
    filters=[
        Filter("q", N_("Naam of referentie"), _words),
        Filter("gemeente", N_("Gemeente of postcode"), _about),
        Filter("staat", N_("Staat"), lambda state: Enquiry.status == state, choices=_states),
    ],
)


@blueprint.get("/aanvragen")
@requires(Permission.ENQUIRY_MANAGE)
def enquiries() -> Any:
    """List the enquiries, the latest first."""
    statement = select(Enquiry).where(Enquiry.visible_to(actor()))
    if wanted := request.args.get("formaat"):
        everything = LISTING.everything(statement, request.args)
        return export.respond(wanted, EXPORTED, everything, gettext("aanvragen"))
    return render_template(
        "agreements/enquiries.html",
        page=LISTING.page(statement, request.args, request.path, count=True),
        where_of=where_of,
        labels={s: gettext(label) for s, label in enquiry_states.STATUS_LABELS.items()},
        tones=enquiry_states.STATUS_TONES,
    )


@blueprint.get("/aanvragen/<reference>")
@requires(Permission.ENQUIRY_MANAGE)
def enquiry(reference: str) -> str:
    """Show one enquiry, its scenario, and what can be done with it."""
    found = service.enquiry(actor(), reference)
    allowed = enquiry_states.workflow.allowed(found, actor())
    drafted = db.session.scalar(select(Agreement).where(Agreement.enquiry_id == found.id))
    names = notices.names_of(event.account_id for event in found.events)
    return render_template(
        "agreements/enquiry.html",
        enquiry=found,
        where=where_of(found),
        kind=gettext(KINDS.get(found.organisation_kind, "")) if found.organisation_kind else "",
        package=gettext(Formula(found.formula).label) if found.formula else None,
        support=gettext(SUPPORT[found.support]),
        budget=gettext(BUDGET[found.budget]),
        snapshot=enquiry_drafts.snapshot_of(found),
        status=(
            gettext(enquiry_states.STATUS_LABELS[found.status]),
            enquiry_states.STATUS_TONES.get(found.status, "neutral"),
        ),
        actions=[
            {
                "label": gettext(t.label),
                "url": url_for(f"agreements.{PAGES[t.action]}", reference=reference),
                "tone": t.tone,
            }
            for t in allowed
        ],
        events=[
            {
                "label": gettext(enquiry_states.PAST[event.action]),
                "at": event.at,
                "who": names.get(event.account_id),
                "note": event.note,
            }
            for event in found.events
        ],
        drafted=drafted,
        shown=packages_shown,
    )


@blueprint.route("/aanvragen/<reference>/antwoorden", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_MANAGE)
def answer_enquiry(reference: str) -> Page:
    """Write an answer; it is mailed."""
    found = service.enquiry(actor(), reference)
    form = AnswerForm(data={"version": found.version})

    def work() -> bool:
        service.answer(actor(), found, form.text.data or "", form.version.data)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash(gettext("Je antwoord is verstuurd naar %(email)s.", email=found.email), "success")
        return redirect(url_for("agreements.enquiry", reference=reference))
    return render_template("agreements/answer_enquiry.html", enquiry=found, form=form)


@blueprint.route("/aanvragen/<reference>/niet-verder", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_MANAGE)
def decline_enquiry(reference: str) -> Page:
    """Say why HSV goes no further; it is mailed."""
    found = service.enquiry(actor(), reference)
    form = DeclineForm(data={"version": found.version})

    def work() -> bool:
        service.decline(actor(), found, form.reason.data or "", form.version.data)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash(gettext("De reden is verstuurd naar %(email)s.", email=found.email), "success")
        return redirect(url_for("agreements.enquiry", reference=reference))
    return render_template("agreements/decline_enquiry.html", enquiry=found, form=form)


@blueprint.route("/aanvragen/<reference>/ontwerp", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_MANAGE)
def open_enquiry(reference: str) -> Page:
    """Open a draft agreement from an enquiry."""
    found = service.enquiry(actor(), reference)
    possible = enquiry_drafts.possible_partners(found)
    usual = enquiry_drafts.usual_opening(found, enquiry_drafts.likely_partners(found, possible))
    form = OpenFromEnquiryForm.of(usual, possible, found.version)

    def work() -> str:
        opening = form.opening(usual, possible)
        opened = enquiry_drafts.open_from(actor(), found, opening, form.version.data)
        return opened.reference

    if form.validate_on_submit() and (opened := attempt(form, work)):
        flash(gettext("Het ontwerp %(reference)s is geopend.", reference=opened), "success")
        return redirect(url_for("agreements.edit", reference=opened, step=PARTIES))
    return render_template(
        "agreements/open_enquiry.html", enquiry=found, form=form, possible=possible
    )
