"""Payments: the list that is the worklist, one of them, and where it is placed."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from stdnum import iban
from werkzeug.wrappers import Response

from portal.core import export, guard
from portal.core.attempts import press
from portal.core.forms import BaseForm, OnceForm
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.finance import payments as booked
from portal.finance import payments_list, placing, suggestions
from portal.finance.forms.payments import ElsewhereForm, PlaceForm, TakeBackForm
from portal.finance.invoice_pdf import ogm_text
from portal.finance.models import LedgerAccount, Payment
from portal.finance.online import refunds
from portal.finance.payments_list import LISTING
from portal.finance.payments_page import history
from portal.finance.views import blueprint

Page = str | Response


@blueprint.get("/betalingen")
@guard.requires(Permission.PAYMENT_MANAGE)
def payments() -> Page:
    """Show what came in and went out, and what waits for a place."""
    query = payments_list.statement()
    if form := request.args.get("formaat"):
        rows = LISTING.everything(query, request.args)
        return export.respond(form, LISTING.columns, rows, gettext("betalingen"))
    page = LISTING.page(query, request.args, request.path, count=True)
    return render_template(
        "finance/payments.html",
        page=page,
        lines=payments_list.lines(page.rows),
        waiting=payments_list.waiting_count(),
    )


@blueprint.get("/betalingen/<reference>")
@guard.requires(Permission.PAYMENT_MANAGE)
def payment(reference: str) -> str:
    """Show one payment: what it is, where it may belong, and what was done with it."""
    found = booked.find(reference)
    rest = placing.rest(found)
    place = payments_list.place_of(found.cents, rest, booked.was_taken_back(found))
    account = found.payer_iban or ""
    return render_template(
        "finance/payment.html",
        payment=found,
        rest=rest,
        badge=(gettext(place.label), place.tone),
        account=iban.format(account) if iban.is_valid(account) else account,
        ogm=ogm_text(found.ogm) if found.ogm else "",
        suggested=suggestions.suggest(found),
        rows=history(found),
        refundable=refunds.online_of(found) is not None,
    )


@blueprint.post("/betalingen/<reference>/voorstel")
@guard.requires(Permission.PAYMENT_MANAGE)
def accept_suggestion(reference: str) -> Response:
    """Do what a suggestion says."""
    actor, found = guard.actor(), booked.find(reference)
    key = request.form.get("choice", "")[:500]
    if press(BaseForm(), lambda: placing.accept(found, key, actor)):
        flash(gettext("De betaling heeft haar plaats."), "success")
    return _back(found)


@blueprint.route("/betalingen/<reference>/plaatsen", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def place_payment(reference: str) -> Page:
    """Place a payment on the documents a person names."""
    actor, found = guard.actor(), booked.find(reference)
    form = PlaceForm()
    form.spare()

    def work() -> None:
        placing.on_invoices(found, form.filled(), actor, form.note.data or "")

    said = gettext("De betaling is geplaatst.")
    if form.validate_on_submit() and (done := _keep(form, "place", found, work, said)):
        return done
    rest = placing.rest(found)
    return render_template("finance/place_payment.html", form=form, payment=found, rest=rest)


@blueprint.route("/betalingen/<reference>/elders", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def place_elsewhere(reference: str) -> Page:
    """Say of a payment that it is about no invoice."""
    actor, found = guard.actor(), booked.find(reference)
    rest = placing.rest(found)
    form = ElsewhereForm(data={"cents": abs(rest) or None})

    def work() -> None:
        account = LedgerAccount(form.account.data)
        placing.elsewhere(found, account, form.cents.data or 0, actor, form.why.data or "")

    said = gettext("De betaling is geplaatst.")
    if form.validate_on_submit() and (done := _keep(form, "elsewhere", found, work, said)):
        return done
    return render_template("finance/place_elsewhere.html", form=form, payment=found, rest=rest)


@blueprint.route(
    "/betalingen/<reference>/boekingen/<int:entry_id>/tegenboeken", methods=["GET", "POST"]
)
@guard.requires(Permission.PAYMENT_MANAGE)
def take_back_place(reference: str, entry_id: int) -> Page:
    """Undo where a payment was placed, by a counter-booking."""
    actor, found = guard.actor(), booked.find(reference)
    form = TakeBackForm()

    def work() -> None:
        one = placing.entry_of(found, entry_id)
        placing.take_back(found, one, actor, form.reason.data or "")

    said = gettext("De boeking is tegengeboekt.")
    purpose = f"take back {entry_id}"
    if form.validate_on_submit() and (done := _keep(form, purpose, found, work, said)):
        return done
    entry = placing.entry_of(found, entry_id)
    return render_template(
        "finance/take_back_place.html", form=form, payment=found, row=history(found, entry)[0]
    )


def _keep(
    form: OnceForm, purpose: str, found: Payment, work: Callable[[], None], said: str
) -> Response | None:
    return keep(form, f"{purpose} {found.reference}", _path(found), work, said)


def _path(found: Payment) -> str:
    return url_for("finance.payment", reference=found.reference)


def _back(found: Payment) -> Response:
    return redirect(_path(found), 303)
