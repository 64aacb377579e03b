"""Asking for what is due: instalments become drafts, a person checks and issues them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from portal.core import clock, guard, once
from portal.core.attempts import attempt, press, succeeds
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.forms import BaseForm
from portal.core.permissions import Permission
from portal.finance import billing, invoice_drafts, issuing
from portal.finance.forms.invoices import ConditionForm
from portal.finance.views import blueprint

Page = str | Response
MOST = 25  # issued in one go on screen; `portal bill --issue` knows no limit


@blueprint.get("/facturen/klaarzetten")
@guard.requires(Permission.INVOICE_MANAGE)
def to_bill() -> str:
    """Show what is due, what waits for a condition, and the drafts that can be issued."""
    found = billing.standing(clock.today())
    return render_template(
        "finance/to_bill.html",
        found=found,
        drafts=invoice_drafts.waiting(MOST),
        needs_reference=invoice_drafts.needs_reference,
        most=MOST,
    )


@blueprint.post("/facturen/klaarzetten")
@guard.requires(Permission.INVOICE_MANAGE)
def prepare_due() -> Response:
    """Make drafts of every instalment that is due."""
    actor, made = guard.actor(), []

    def work() -> None:
        made.extend(billing.prepare(billing.standing(clock.today()).to_bill, actor))

    if press(BaseForm(), work):
        words = ngettext(
            "Er is %(num)d ontwerp gemaakt.", "Er zijn %(num)d ontwerpen gemaakt.", len(made)
        )
        flash(words, "success")
    return redirect(url_for("finance.to_bill"), 303)


@blueprint.post("/facturen/uitreiken")
@guard.requires(Permission.INVOICE_MANAGE)
def issue_all() -> Response:
    """Issue the drafts that were ticked, each in a transaction of its own."""
    number = 0
    if press(BaseForm(), lambda: None):
        for ticked in request.form.getlist("draft")[:MOST]:
            reference, _, version = ticked.partition(":")
            number += _issue_one(reference, version)
        words = ngettext(
            "Er is %(num)d document uitgereikt.", "Er zijn %(num)d documenten uitgereikt.", number
        )
        flash(words, "success" if number else "info")
    return redirect(url_for("finance.to_bill"), 303)


def _issue_one(reference: str, version: str) -> bool:
    """Issue one of the drafts ticked; what refuses becomes a message beside the others."""
    actor = guard.actor()
    found = invoice_drafts.find(actor, reference)
    looked_at = int(version) if version.isascii() and version.isdecimal() else -1
    form = BaseForm()
    try:
        if succeeds(form, lambda: issuing.issue(actor, found, looked_at)):
            return True
        words = " ".join(form.form_errors)
    except ConflictError as error:
        db.session.rollback()
        words = gettext(error.message)
    flash(f"{found.organisation.name}: {words}", "error")
    return False


@blueprint.route("/facturen/voorwaarde/<key>", methods=["GET", "POST"])
@guard.requires(Permission.INVOICE_MANAGE)
def meet_condition(key: str) -> Page:
    """Note that the condition of an instalment is met; its draft is made."""
    due = billing.find_conditional(key)
    form = ConditionForm(data={"met_on": clock.today()})

    def work() -> str:
        actor = guard.actor()
        path = url_for("finance.to_bill")
        if earlier := once.redeem(
            form.once.data, f"condition {key}", request.form, account_id=actor.account_id
        ):
            return earlier
        assert form.met_on.data is not None
        billing.meet_condition(actor, due, form.met_on.data, form.note.data or "")
        once.finish(str(form.once.data), path)
        flash(gettext("De voorwaarde is voldaan; het ontwerp staat klaar."), "success")
        return path

    if form.validate_on_submit() and (path := attempt(form, work)):
        return redirect(path, 303)
    return render_template("finance/meet_condition.html", form=form, due=due)
