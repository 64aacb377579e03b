"""Giving back online what was paid online."""

from flask import render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import guard
from portal.core.errors import NotFoundError
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.finance import payments
from portal.finance.forms.online import RefundForm
from portal.finance.online import gateway, refunds
from portal.finance.views import blueprint

Page = str | Response


@blueprint.route("/betalingen/<reference>/online-terugbetalen", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def refund_online(reference: str) -> Page:
    """Give back all or part of a payment that came in online; show what was given back before."""
    actor, payment = guard.actor(), payments.find(reference)
    online = refunds.online_of(payment)
    if online is None or online.checkout is None:
        raise NotFoundError()
    left = refunds.left_cents(online)
    form = RefundForm(data={"cents": left or None})
    path = url_for("finance.refund_online", reference=reference)

    def work() -> None:
        refunds.ask(actor, payment, form.cents.data or 0, form.reason.data or "")

    said = gettext("De terugbetaling is aangevraagd bij Stripe.")
    if (
        gateway.in_use()
        and form.validate_on_submit()
        and (done := keep(form, f"refund {reference}", path, work, said))
    ):
        return done
    return render_template(
        "finance/refund_online.html",
        form=form,
        payment=payment,
        invoice=online.checkout.invoice,
        left_cents=left,
        given=refunds.of(online),
        disputes=refunds.disputes_of(online),
        in_use=gateway.in_use(),
    )
