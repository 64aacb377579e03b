"""Paying by the link on an invoice: for whoever holds it, without signing in."""

from flask import redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import throttle
from portal.core import web
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.forms import BaseForm
from portal.core.web import limiter
from portal.finance import invoice_pdf, ledger, pay_links, payments
from portal.finance.models import CheckoutState, Invoice, OnlineCheckout
from portal.finance.online import checkout, gateway
from portal.finance.paper import grouped, ogm_text
from portal.finance.views import blueprint

Page = str | Response
LOOKS = "120 per 15 minutes"  # from one address: a whole town hall may share it
QR_SCALE = 5


@blueprint.get("/betalen/<token>")
@limiter.limit(LOOKS)
def pay(token: str) -> str:
    """Say what is to be paid, and how."""
    return _page(token, pay_links.find(token), BaseForm())


@blueprint.post("/betalen/<token>/online")
@throttle.per_address(throttle.LINK_ADDRESS)
def pay_online(token: str) -> Page | tuple[str, int]:
    """Go and pay online what is open at this moment."""
    invoice, form = pay_links.find(token), BaseForm()
    if not gateway.in_use():
        return redirect(url_for("finance.pay", token=token), 303)
    if form.validate() and (begun := attempt(form, lambda: checkout.begin(invoice))):
        if url := _address(begun):
            return redirect(url, 303)
        form.form_errors.append(gettext(checkout.UNAVAILABLE))
    return _page(token, invoice, form), 422


@blueprint.get("/betalen/<token>/bedankt")
@limiter.limit(LOOKS)
def pay_done(token: str) -> Page:
    """Say how far the payment is. That somebody comes here proves nothing: only what we know."""
    invoice = pay_links.find(token)
    newest = checkout.newest(invoice)
    if newest is None:
        return redirect(url_for("finance.pay", token=token))
    return render_template(
        "finance/pay_done.html", token=token, state=newest.state, states=CheckoutState
    )


@blueprint.get("/betalen/<token>/onderbroken")
@limiter.limit(LOOKS)
def pay_cancelled(token: str) -> str:
    """Say that nothing was paid, and how to go on."""
    pay_links.find(token)
    return render_template("finance/pay_cancelled.html", token=token)


def _address(begun: OnlineCheckout) -> str:
    """Return where one pays: known, or asked of Stripe outside any transaction; "" if it fails."""
    if begun.url:
        return begun.url
    order = checkout.order_of(begun)
    db.session.commit()
    try:
        answer = gateway.open_session(order)
    except gateway.OutOfReachError:
        return ""
    except gateway.RefusedError:
        checkout.refused(begun.id)
        db.session.commit()
        return ""
    checkout.opened(begun.id, answer)
    db.session.commit()
    return answer.url or ""


def _page(token: str, invoice: Invoice, form: BaseForm) -> str:
    left = payments.open_cents(invoice)
    if left <= 0:
        paid = ledger.settled_of(invoice) > 0
        return render_template("finance/pay_over.html", paid=paid)
    if gateway.in_use():
        web.allow_form_to(gateway.checkout_origin())
    processing = checkout.processing_cents(invoice)
    due = max(left - processing, 0)
    code = invoice_pdf.epc_of(invoice.sender, due, invoice.ogm) if due else None
    return render_template(
        "finance/pay.html",
        form=form,
        token=token,
        invoice=invoice,
        sender=invoice.sender,
        due_cents=due,
        processing_cents=processing,
        iban=grouped(invoice.sender.iban),
        ogm=ogm_text(invoice.ogm),
        code=code.png_data_uri(scale=QR_SCALE) if code else "",
        code_size=code.symbol_size(scale=QR_SCALE)[0] if code else 0,
        online=due > 0 and gateway.in_use(),
    )
