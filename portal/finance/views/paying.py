"""Money on one invoice: booked by hand, given up, and a booking undone."""

from flask import render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import clock, guard
from portal.core.errors import NotFoundError
from portal.core.kept import keep
from portal.core.money import euro
from portal.core.permissions import Permission
from portal.finance import payments, payments_by_hand
from portal.finance.forms.payments import IN, OUT, BookPaymentForm, TakeBackForm, WriteOffForm
from portal.finance.models import Invoice, LedgerEntry
from portal.finance.views import blueprint
from portal.finance.views.invoices import issued

Page = str | Response


@blueprint.route("/facturen/<reference>/betaling", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def book_payment(reference: str) -> Page:
    """Book a payment that was seen elsewhere than in a bank file."""
    actor, found = guard.actor(), _payable(reference)
    left = payments.open_cents(found)
    form = BookPaymentForm(
        data={
            "direction": IN if left >= 0 else OUT,
            "cents": abs(left) or None,
            "booked_on": clock.today(),
        }
    )
    path = url_for("finance.invoice", reference=reference, _anchor="betalingen")

    def work() -> None:
        payments_by_hand.book(
            actor,
            found,
            form.signed_cents,
            booked_on=form.booked_on.data or clock.today(),
            reason=form.reason.data or "",
            key=str(form.once.data),
        )

    said = gettext("De betaling is geboekt.")
    if form.validate_on_submit() and (done := keep(form, f"pay {reference}", path, work, said)):
        return done
    return render_template("finance/book_payment.html", form=form, invoice=found, left_cents=left)


@blueprint.route("/facturen/<reference>/afboeken", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def write_off(reference: str) -> Page:
    """Give up what is open, or part of it."""
    actor, found = guard.actor(), _payable(reference)
    left = payments.open_cents(found)
    form = WriteOffForm(data={"cents": max(left, 0) or None})
    path = url_for("finance.invoice", reference=reference, _anchor="betalingen")

    def work() -> None:
        payments.write_off(found, form.cents.data or 0, actor, form.reason.data or "")

    said = gettext("Het bedrag is afgeboekt.")
    if form.validate_on_submit() and (
        done := keep(form, f"write off {reference}", path, work, said)
    ):
        return done
    return render_template("finance/write_off.html", form=form, invoice=found, left_cents=left)


@blueprint.route(
    "/facturen/<reference>/boekingen/<int:entry_id>/tegenboeken", methods=["GET", "POST"]
)
@guard.requires(Permission.PAYMENT_MANAGE)
def take_back_entry(reference: str, entry_id: int) -> Page:
    """Undo what was booked on an invoice, by a counter-booking."""
    actor, found = guard.actor(), _payable(reference)
    entry = _entry(found, entry_id)
    form = TakeBackForm()
    path = url_for("finance.invoice", reference=reference, _anchor="betalingen")

    def work() -> None:
        payments.take_back(entry, actor, form.reason.data or "")

    said = gettext("De boeking is tegengeboekt.")
    if form.validate_on_submit() and (
        done := keep(form, f"take back {entry.id}", path, work, said)
    ):
        return done
    cents = sum(line.cents for line in entry.lines if line.invoice_id == found.id)
    return render_template(
        "finance/take_back_entry.html",
        form=form,
        invoice=found,
        entry=entry,
        amount=euro(-cents),
    )


def _payable(reference: str) -> Invoice:
    """Return a document that asks for money. Raises NotFoundError."""
    found = issued(guard.actor(), reference)
    if found.kind.credits:
        raise NotFoundError()
    return found


def _entry(invoice: Invoice, entry_id: int) -> LedgerEntry:
    """Return an entry on this invoice that is no counter-entry itself. Raises NotFoundError."""
    for entry, _stands in payments.entries_on(invoice):
        if entry.id == entry_id and entry.reverses_id is None:
            return entry
    raise NotFoundError()
