"""Reminders: what is due for one, looking at it, sending it, and what was sent."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import clock, downloads, guard
from portal.core.attempts import press
from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.directory.models import Organisation
from portal.finance import (
    account_statement,
    charging,
    invoice_drafts,
    paper,
    reminder_letters,
    reminder_pauses,
    reminder_present,
    reminder_worklist,
    reminding,
)
from portal.finance.forms.reminders import ChargeForm, PauseForm, SendForm
from portal.finance.models import Invoice, InvoiceStatus
from portal.finance.reminder_texts import STEP_LABELS
from portal.finance.reminder_worklist import Batch
from portal.finance.views import blueprint

Page = str | Response


@blueprint.get("/financien/herinneringen")
@guard.requires(Permission.INVOICE_MANAGE)
def reminders() -> str:
    """Show what is due for a reminder, what is left alone and why, and what was sent last."""
    today = clock.today()
    found = reminder_worklist.overdue(today)
    return render_template(
        "finance/reminders.html",
        batches=reminder_worklist.batches(today, found),
        held=[one for one in found if one.paused_until or one.asked],
        later=[one for one in found if not (one.paused_until or one.asked or one.is_ready(today))],
        sent=reminder_present.latest(),
        labels=STEP_LABELS,
    )


@blueprint.get("/financien/herinneringen/<int:organisation_id>/<int:number>")
@guard.requires(Permission.INVOICE_MANAGE)
def reminder_preview(organisation_id: int, number: int) -> Page:
    """Show the mail of a step as it would leave now."""
    batch = _batch(organisation_id, number)
    if batch is None:
        flash(gettext("Voor deze partner is die herinnering nu niet aan de beurt."), "info")
        return redirect(url_for("finance.reminders"))
    text = reminder_letters.text_of(batch.organisation, number, batch.items, clock.today())
    return render_template(
        "finance/reminder_preview.html", batch=batch, text=text, labels=STEP_LABELS
    )


def _batch(organisation_id: int, number: int) -> Batch | None:
    today = clock.today()
    if db.session.get(Organisation, organisation_id) is None:
        raise NotFoundError()
    found = reminder_worklist.overdue(today, Invoice.organisation_id == organisation_id)
    batches = reminder_worklist.batches(today, found)
    return next((one for one in batches if one.step == number), None)


@blueprint.post("/financien/herinneringen/<int:organisation_id>/<int:number>")
@guard.requires(Permission.INVOICE_MANAGE)
def send_reminder(organisation_id: int, number: int) -> Response:
    """Send the reminder a person looked at: for the invoices that stood on the page."""
    ids = [int(one) for one in request.form.getlist("invoice") if _is_id(one)]
    actor = guard.actor()
    if press(SendForm(), lambda: reminding.decide(organisation_id, number, ids, actor)):
        flash(gettext("De herinnering vertrekt nu."), "success")
    return redirect(url_for("finance.reminders"), 303)


def _is_id(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 20 and int(typed) < 2**63


@blueprint.get("/financien/herinneringen/verstuurd/<int:reminder_id>")
@guard.requires(Permission.INVOICE_MANAGE)
def reminder(reminder_id: int) -> str:
    """Show a reminder as it was sent, or why it was not."""
    found = reminding.find(reminder_id)
    return render_template(
        "finance/reminder.html",
        reminder=found,
        who=accounts.accounts_by_id({found.account_id} if found.account_id else set()),
        labels=STEP_LABELS,
    )


@blueprint.get("/financien/herinneringen/verstuurd/<int:reminder_id>/pdf")
@guard.requires(Permission.INVOICE_MANAGE)
def reminder_file(reminder_id: int) -> Response:
    """Send the statement of account that went along with a reminder."""
    found = reminding.find(reminder_id)
    if found.pdf is None:
        raise NotFoundError()
    return downloads.send(found.pdf)


@blueprint.post("/financien/herinneringen/verstuurd/<int:reminder_id>/opnieuw")
@guard.requires(Permission.INVOICE_MANAGE)
def resend_reminder(reminder_id: int) -> Response:
    """Send what could not be delivered again."""
    found, actor = reminding.find(reminder_id), guard.actor()
    if press(SendForm(), lambda: reminding.send_again(found, actor)):
        flash(gettext("De herinnering vertrekt nu."), "success")
    return redirect(url_for("finance.reminder", reminder_id=reminder_id), 303)


@blueprint.route("/facturen/<reference>/herinneringen-pauzeren", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def pause_reminders(reference: str) -> Page:
    """Leave an invoice alone until after a day, with the reason."""
    found, form = _asks_money(reference), PauseForm()
    if form.validate_on_submit():
        path = url_for("finance.invoice", reference=found.reference)
        until_on = form.until_on.data
        assert until_on is not None
        done = keep(
            form,
            f"finance.pause_reminders {found.reference}",
            path,
            lambda: reminder_pauses.pause(found, until_on, form.reason.data or "", guard.actor()),
            gettext("Er vertrekt geen herinnering voor deze dag voorbij is."),
        )
        if done:
            return done
    return render_template("finance/pause_reminders.html", invoice=found, form=form)


@blueprint.post("/facturen/<reference>/herinneringen-hervatten")
@guard.requires(Permission.INVOICE_MANAGE)
def resume_reminders(reference: str) -> Response:
    """End a pause before its day."""
    found, actor = invoice_drafts.find(guard.actor(), reference), guard.actor()
    if press(SendForm(), lambda: reminder_pauses.end(found, actor)):
        flash(gettext("De pauze is voorbij: deze factuur wordt weer herinnerd."), "success")
    return redirect(url_for("finance.invoice", reference=found.reference), 303)


@blueprint.route("/facturen/<reference>/verwijlinterest", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def charge_interest(reference: str) -> Page:
    """Show what lateness costs, and charge what a person decides of it, as the draft of a claim."""
    found, form = _asks_money(reference), ChargeForm()
    late = charging.late(found, clock.today())
    if form.validate_on_submit():
        made: list[Any] = []

        def work() -> None:
            claim = charging.charge(
                guard.actor(),
                found,
                with_interest=form.with_interest.data,
                with_cost=form.with_cost.data,
            )
            made.append(claim)

        path = url_for("finance.to_bill")
        words = gettext("De schuldvordering staat klaar als ontwerp. Kijk ze na en reik ze uit.")
        done = keep(form, f"finance.charge_interest {found.reference}", path, work, words)
        if done:
            return done
    return render_template(
        "finance/charge_interest.html",
        invoice=found,
        late=late,
        form=form,
        percent=charging.percent,
    )


def _asks_money(reference: str) -> Invoice:
    found = invoice_drafts.find(guard.actor(), reference)
    if found.status != InvoiceStatus.ISSUED or found.kind.credits:
        raise NotFoundError()
    return found


@blueprint.get("/financien/rekeningoverzicht")
@guard.requires(Permission.INVOICE_READ)
def own_statement() -> Response:
    """Send a partner what is open between it and HSV, as a PDF."""
    actor = guard.actor()
    if actor.can(Permission.FINANCE_READ_ALL) or actor.organisation_id is None:
        return redirect(url_for("finance.invoices"))
    return _statement(actor.organisation_id, url_for("finance.start"))


@blueprint.get("/financien/partners/<int:organisation_id>/rekeningoverzicht")
@guard.requires(Permission.INVOICE_MANAGE)
def partner_statement(organisation_id: int) -> Response:
    """Send HSV what is open of a partner, as a PDF."""
    return _statement(organisation_id, url_for("finance.invoices"))


def _statement(organisation_id: int, back: str) -> Response:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError()
    today = clock.today()
    found = account_statement.of(organisation, today)
    if not found.items:
        flash(gettext("Er staat niets open."), "info")
        return redirect(back)
    name = f"Rekeningoverzicht {organisation.name} {today.isoformat()}.pdf"
    return attachment(account_statement.render(found), name, paper.MEDIA_TYPE)
