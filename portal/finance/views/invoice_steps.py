"""What is done with one invoice: made, changed, issued, credited, delivered, asked about."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import partners
from portal.core import guard, once
from portal.core.attempts import attempt, press, succeeds
from portal.core.forms import BaseForm, VersionedForm
from portal.core.permissions import Permission
from portal.finance import crediting, delivering, invoice_drafts, issuing, questions
from portal.finance.forms.invoices import (
    AnswerForm,
    CreditForm,
    DeliverForm,
    EditInvoiceForm,
    NewInvoiceForm,
    QuestionForm,
)
from portal.finance.forms.invoicing import OrderNumberForm
from portal.finance.invoice_drafts import Request
from portal.finance.models import Channel, Invoice, InvoiceKind, InvoiceStatus
from portal.finance.views import blueprint
from portal.finance.views.invoices import issued

Page = str | Response


@blueprint.get("/facturen/partners")
@guard.requires(Permission.INVOICE_MANAGE)
def suggest_partners() -> list[dict[str, str]]:
    """Suggest organisations to invoice, as JSON for ?q=."""
    return [
        {"value": str(one.id), "label": one.name, "note": note}
        for one, note in partners.offered(request.args.get("q", ""))
    ]


@blueprint.route("/facturen/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def new_invoice() -> Page:
    """Make the draft of a free invoice."""
    form = NewInvoiceForm()
    form.spare()
    if form.validate_on_submit() and (path := attempt(form, lambda: _make(form))):
        return redirect(path, 303)
    return render_template("finance/new_invoice.html", form=form)


def _make(form: NewInvoiceForm) -> str:
    actor = guard.actor()
    if earlier := once.redeem(
        form.once.data, "finance.new_invoice", request.form, account_id=actor.account_id
    ):
        return earlier
    organisation = partners.pick(form.partner.data or "", form.partner_id.data or "")
    made = invoice_drafts.prepare(
        Request(
            kind=InvoiceKind(form.kind.data),
            organisation=organisation,
            lines=form.filled_lines(),
            period_from=form.period_from.data,
            period_to=form.period_to.data,
            note=form.note.data or "",
            order_number=form.order_number.data or None,
            buyer_reference=form.buyer_reference.data or None,
        ),
        actor,
    )
    path = url_for("finance.invoice", reference=made.reference)
    once.finish(str(form.once.data), path)
    flash(gettext("Het ontwerp is gemaakt. Kijk het na en reik het uit."), "success")
    return path


@blueprint.route("/facturen/<reference>/aanpassen", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def edit_invoice(reference: str) -> Page:
    """Change a draft."""
    actor = guard.actor()
    found = invoice_drafts.find(actor, reference)
    if found.status != InvoiceStatus.DRAFT:
        return _back(found)
    form = EditInvoiceForm.of(found)

    def work() -> None:
        invoice_drafts.edit(actor, found, form.changes(), form.version.data)

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("Het ontwerp is aangepast."), "success")
        return _back(found)
    return render_template("finance/edit_invoice.html", form=form, invoice=found)


@blueprint.post("/facturen/<reference>/uitreiken")
@guard.requires(Permission.INVOICE_MANAGE)
def issue(reference: str) -> Response:
    """Issue a draft a person looked at."""
    actor, form = guard.actor(), VersionedForm()
    found = invoice_drafts.find(actor, reference)
    if press(form, lambda: issuing.issue(actor, found, form.version.data)):
        words = gettext("%(number)s is uitgereikt en wordt bezorgd.", number=found.number)
        flash(words, "success")
    return _back(found)


@blueprint.post("/facturen/<reference>/opzijzetten")
@guard.requires(Permission.INVOICE_MANAGE)
def set_aside(reference: str) -> Response:
    """Decide that a draft will not be issued."""
    actor, form = guard.actor(), VersionedForm()
    found = invoice_drafts.find(actor, reference)
    if press(form, lambda: invoice_drafts.set_aside(actor, found, form.version.data)):
        flash(gettext("Dit ontwerp wordt niet uitgereikt. Je kunt het terughalen."), "success")
    return _back(found)


@blueprint.post("/facturen/<reference>/terughalen")
@guard.requires(Permission.INVOICE_MANAGE)
def resume(reference: str) -> Response:
    """Make what was set aside a draft again."""
    actor, form = guard.actor(), VersionedForm()
    found = invoice_drafts.find(actor, reference)
    if press(form, lambda: invoice_drafts.resume(actor, found, form.version.data)):
        flash(gettext("Dit is opnieuw een ontwerp."), "success")
    return _back(found)


@blueprint.post("/facturen/<reference>/bestelbon-vragen")
@guard.requires(Permission.INVOICE_MANAGE)
def ask_order_number(reference: str) -> Response:
    """Ask the partner for its order number."""
    actor, form = guard.actor(), BaseForm()
    found = invoice_drafts.find(actor, reference)
    if press(form, lambda: invoice_drafts.announce(actor, found)):
        flash(gettext("De partner kreeg een mail met de vraag."), "success")
    return _back(found)


@blueprint.post("/facturen/<reference>/bestelbonnummer")
@guard.requires(Permission.INVOICING_DETAILS)
def order_number(reference: str) -> Response:
    """Let the partner, or HSV for it, fill in the order number of a draft."""
    actor, form = guard.actor(), OrderNumberForm()
    found = invoice_drafts.find(actor, reference)
    number = form.order_number.data or ""
    if form.validate() and succeeds(
        form, lambda: invoice_drafts.set_order_number(actor, found, number)
    ):
        flash(gettext("Het bestelbonnummer is bewaard, ook voor later."), "success")
    _flash_errors(form)
    return _back(found)


@blueprint.route("/facturen/<reference>/crediteren", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def credit(reference: str) -> Page:
    """Make the draft of a credit note on all or part of a document."""
    found = invoice_drafts.find(guard.actor(), reference)
    whole = crediting.whole(found)
    if found.status != InvoiceStatus.ISSUED or found.kind.credits or not whole:
        return _back(found)
    form = CreditForm.of(whole)
    if form.validate_on_submit() and (path := attempt(form, lambda: _credit(found, form))):
        return redirect(path, 303)
    return render_template(
        "finance/credit.html", form=form, invoice=found, left_cents=crediting.left_cents(found)
    )


def _credit(found: Invoice, form: CreditForm) -> str:
    actor = guard.actor()
    purpose = f"finance.credit {found.reference}"
    if earlier := once.redeem(form.once.data, purpose, request.form, account_id=actor.account_id):
        return earlier
    made = crediting.credit(actor, found, form.filled_lines(), form.reason.data or "")
    path = url_for("finance.invoice", reference=made.reference)
    once.finish(str(form.once.data), path)
    flash(gettext("De creditnota staat klaar als ontwerp. Kijk ze na en reik ze uit."), "success")
    return path


@blueprint.post("/facturen/<reference>/verzenden")
@guard.requires(Permission.INVOICE_MANAGE)
def deliver(reference: str) -> Response:
    """Deliver a document again, along the way a person chose."""
    actor, form = guard.actor(), DeliverForm()
    found = issued(actor, reference)
    if press(form, lambda: delivering.send_again(actor, found, Channel(form.channel.data))):
        flash(gettext("Het document wordt bezorgd."), "success")
    return _back(found)


@blueprint.post("/facturen/<reference>/vragen")
@guard.requires(Permission.INVOICE_READ)
def ask(reference: str) -> Response:
    """Ask HSV something about a document."""
    actor, form = guard.actor(), QuestionForm()
    found = invoice_drafts.find(actor, reference)
    if form.validate():
        _ask(found, form)
    _flash_errors(form)
    return _back(found, "vragen")


def _ask(found: Invoice, form: QuestionForm) -> None:
    actor = guard.actor()

    def work() -> None:
        purpose = f"finance.ask {found.reference}"
        if not once.redeem(form.once.data, purpose, request.form, account_id=actor.account_id):
            questions.ask(actor, found, form.text.data or "")
            once.finish(str(form.once.data), url_for("finance.invoice", reference=found.reference))

    if succeeds(form, work):
        flash(
            gettext("Je vraag is verstuurd. Het antwoord krijg je per mail."),
            "success",
        )


@blueprint.post("/facturen/<reference>/vragen/<int:question_id>")
@guard.requires(Permission.INVOICE_MANAGE)
def answer(reference: str, question_id: int) -> Response:
    """Answer a question of a partner."""
    actor, form = guard.actor(), AnswerForm()
    found = invoice_drafts.find(actor, reference)
    question = questions.find(found, question_id)
    if form.validate() and succeeds(
        form, lambda: questions.answer(actor, found, question, form.text.data or "")
    ):
        flash(gettext("Het antwoord is verstuurd."), "success")
    _flash_errors(form)
    return _back(found, "vragen")


def _back(found: Invoice, anchor: str | None = None) -> Response:
    path = url_for("finance.invoice", reference=found.reference, _anchor=anchor)
    return redirect(path, 303)


def _flash_errors(form: BaseForm) -> None:
    for messages in form.errors.values():
        flash(" ".join(str(one) for one in messages), "error")
