"""Invoices: the list, one of them, and its files."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import documents, export, guard
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.permissions import Actor, Permission
from portal.finance import (
    charging,
    crediting,
    delivering,
    invoice_drafts,
    invoice_list,
    invoice_timeline,
    invoicing_details,
    pay_links,
    payments_shown,
    questions,
    reminder_present,
)
from portal.finance.forms.invoices import AnswerForm, DeliverForm, QuestionForm
from portal.finance.forms.invoicing import OrderNumberForm
from portal.finance.invoice_pdf import quantity_text
from portal.finance.invoice_states import STATUS_LABELS, STATUS_TONES, workflow
from portal.finance.models import CHANNEL_LABELS, DeliveryState, Invoice, InvoiceStatus
from portal.finance.online import checkout, refunds
from portal.finance.paper import ogm_text
from portal.finance.reminder_texts import STEP_LABELS
from portal.finance.views import blueprint


@blueprint.get("/facturen")
@guard.requires(Permission.INVOICE_READ)
def invoices() -> str | Response:
    """Show the documents one may see: HSV all of them, a partner its own."""
    actor = guard.actor()
    query, listing = invoice_list.statement(actor), invoice_list.listing_for(actor)
    if form := request.args.get("formaat"):
        rows = listing.everything(query, request.args)
        return export.respond(form, listing.columns, rows, gettext("facturen"))
    page = listing.page(query, request.args, request.path, count=True)
    lines = invoice_list.lines(page.rows)
    return render_template("finance/invoices.html", page=page, lines=lines)


@blueprint.get("/facturen/<reference>")
@guard.requires(Permission.INVOICE_READ)
def invoice(reference: str) -> str:
    """Show one document: what it says, how it was delivered, and what was asked about it."""
    actor = guard.actor()
    found = invoice_drafts.find(actor, reference)
    manages = actor.can(Permission.INVOICE_MANAGE)
    asked = questions.of(found)
    return render_template(
        "finance/invoice.html",
        invoice=found,
        manages=manages,
        badge=(gettext(STATUS_LABELS[found.status]), STATUS_TONES[found.status]),
        may={row.action for row in workflow.allowed(found, actor)},
        left_cents=_left(found),
        deliveries=delivering.of(found) if found.status == InvoiceStatus.ISSUED else [],
        waiting=DeliveryState.WAITING,
        asked=asked,
        names=_names(asked),
        timeline_events=invoice_timeline.of(found) if manages else [],
        credit_notes=invoice_timeline.credit_notes(found, actor),
        channel_labels=CHANNEL_LABELS,
        order_form=OrderNumberForm(formdata=None, data={"order_number": found.order_number}),
        deliver_form=DeliverForm(formdata=None),
        question_form=QuestionForm(formdata=None),
        answer_form=AnswerForm(formdata=None),
        needs_reference=invoice_drafts.needs_reference(found),
        email=invoicing_details.of(found.organisation_id).email,
        paid=payments_shown.of(found, actor),
        pay_path=pay_links.path_of(found),
        processing_cents=checkout.processing_cents(found),
        paid_online=refunds.payments_on(found) if manages else [],
        lateness=reminder_present.of_invoice(found) if manages else None,
        labels=STEP_LABELS,
        percent=charging.percent,
        ogm=ogm_text(found.ogm),
        quantity_text=quantity_text,
    )


def _left(found: Invoice) -> int | None:
    """Return what is left to credit of an issued document; None where nothing ever is."""
    if found.status != InvoiceStatus.ISSUED or found.kind.credits:
        return None
    return crediting.left_cents(found)


def _names(asked: list[Any]) -> dict[int, str]:
    ids = {q.account_id for q in asked} | {q.answered_by_id for q in asked if q.answered_by_id}
    return {one.id: one.name for one in accounts.accounts_by_id(ids).values()}


@blueprint.get("/facturen/<reference>/<any(pdf, ubl):form>")
@guard.requires(Permission.INVOICE_READ)
def invoice_file(reference: str, form: str) -> Response:
    """Send the PDF or the UBL, exactly as it was issued."""
    found = issued(guard.actor(), reference)
    document = found.pdf if form == "pdf" else found.ubl
    if document is None:
        raise NotFoundError()
    data = documents.read(document)
    return attachment(data, document.filename or f"{found.number}.{form}", document.media_type)


def issued(actor: Actor, reference: str) -> Invoice:
    """Return an issued document this person may see. Raises NotFoundError."""
    found = invoice_drafts.find(actor, reference)
    if found.status != InvoiceStatus.ISSUED:
        raise NotFoundError()
    return found
