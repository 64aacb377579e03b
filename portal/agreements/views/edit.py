"""Writing a draft, step by step: the same pages for HSV and for a partner's counter-proposal."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import drafting, drafting_parties, listing
from portal.agreements.drafting_checks import (
    AREA,
    BUDGET,
    CAPACITY,
    CHECK,
    CLAUSES,
    DURATION,
    PARTIES,
    PAYMENT,
    SERVICES,
    SHARES,
    STEPS,
)
from portal.agreements.forms.draft import DraftForm
from portal.agreements.forms.draft_budget import BudgetForm, SharesForm
from portal.agreements.forms.draft_clauses import ClausesForm, DurationForm
from portal.agreements.forms.draft_content import AreaForm, CapacityForm, ServicesForm, refilled
from portal.agreements.forms.draft_parties import AddPartnerForm, TitleForm
from portal.agreements.forms.draft_payment import PaymentForm
from portal.agreements.forms.propose import ProposeForm
from portal.agreements.terms import Terms
from portal.agreements.views import blueprint
from portal.agreements.views.desk import Desk, hsv_desk, partner_desk, said
from portal.core import guard
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission

FORMS: dict[str, type[DraftForm]] = {
    PARTIES: TitleForm,
    AREA: AreaForm,
    SERVICES: ServicesForm,
    CAPACITY: CapacityForm,
    BUDGET: BudgetForm,
    SHARES: SharesForm,
    PAYMENT: PaymentForm,
    DURATION: DurationForm,
    CLAUSES: ClausesForm,
}
TEMPLATES = {
    PARTIES: "agreements/step_parties.html",
    AREA: "agreements/step_area.html",
    SERVICES: "agreements/step_services.html",
    CAPACITY: "agreements/step_capacity.html",
    BUDGET: "agreements/step_budget.html",
    SHARES: "agreements/step_shares.html",
    PAYMENT: "agreements/step_payment.html",
    DURATION: "agreements/step_duration.html",
    CLAUSES: "agreements/step_clauses.html",
}
STEP = f"<any({', '.join(STEPS)}):step>"

Answer = Response | str


@blueprint.route(f"/overeenkomsten/<reference>/ontwerp/{STEP}", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def edit(reference: str, step: str) -> Answer:
    """Show or keep one step of HSV's draft."""
    return step_page(hsv_desk(guard.actor(), reference), step)


@blueprint.route(f"/overeenkomsten/<reference>/tegenvoorstel/{STEP}", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def counter(reference: str, step: str) -> Answer:
    """Show or keep one step of a partner's counter-proposal."""
    return step_page(partner_desk(guard.actor(), reference), step)


@blueprint.post("/overeenkomsten/<reference>/tegenvoorstel")
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def start_counter(reference: str) -> Response:
    """Begin a counter-proposal, or go on with the one a colleague began."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    drafting.open_counter(actor, agreement)
    db.session.commit()
    return redirect(url_for("agreements.counter", reference=reference, step=PARTIES), 303)


@blueprint.post("/overeenkomsten/<reference>/ontwerp/vanaf/<int:number>")
@guard.requires(Permission.AGREEMENT_MANAGE)
def continue_from(reference: str, number: int) -> Response:
    """Go on with HSV's draft from the terms of a version, a partner's counter-proposal say."""
    desk = hsv_desk(guard.actor(), reference)
    found = next((v for v in desk.agreement.versions if v.number == number), None)
    if found is None:
        raise NotFoundError()
    version = request.form.get("version", -1, int)
    if attempt(None, lambda: (desk.save(found.terms, version),)):
        flash(gettext("Het ontwerp vertrekt nu van versie %(n)s.", n=number), "success")
    return redirect(desk.url(PARTIES), 303)


@blueprint.post("/overeenkomsten/<reference>/tegenvoorstel/verwijderen")
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def discard_counter(reference: str) -> Response:
    """Throw away a counter-proposal that was not made."""
    actor = guard.actor()
    found = drafting.counter_of(actor, listing.find(actor, reference))
    if found is not None:
        drafting.discard_counter(actor, found)
        db.session.commit()
        flash(gettext("Het tegenvoorstel is verwijderd. Niemand anders heeft het gezien."), "info")
    return redirect(url_for("agreements.show", reference=reference), 303)


def step_page(desk: Desk, step: str) -> Answer:
    """Show or keep one step of a draft."""
    if step == CHECK:
        return check_page(desk, ProposeForm(formdata=None, data={"version": desk.version}))
    form = FORMS[step].of(
        desk.terms, partner=desk.partner, without=desk.fixed, version=desk.version
    )
    if request.method == "POST" and form.validate():
        answer = _kept(desk, step, form, request.form.get("actie", ""))
        if answer is not None:
            return answer
    return _page(desk, step, form)


def _kept(desk: Desk, step: str, form: Any, action: str) -> Answer | None:
    """Keep what was filled in, or only reckon with it; None when a rule refuses it."""
    terms = attempt(form, lambda: _wanted(form, desk.terms, action))
    if terms is None:
        return None
    if action == "bereken":
        return _page(desk, step, form, terms)
    other_package = terms.formula != desk.terms.formula
    saved = attempt(form, lambda: (desk.save(terms, form.version.data),))
    if saved and other_package:
        flash(gettext("Het pakket is gewijzigd. Kijk de diensten en de begroting na."), "info")
        return redirect(desk.url(step), 303)
    return redirect(_next(desk, step, action), 303) if saved else None


def _wanted(form: Any, terms: Terms, action: str) -> Terms:
    """Return the terms as this step has them, after what its extra buttons do."""
    changed = form.applied(terms)
    more = {
        "gelijk": drafting_parties.share_equally,
        "inwoners": drafting_parties.share_by_inhabitants,
        "pakket": refilled,
    }
    return more[action](changed) if action in more else changed


def _next(desk: Desk, step: str, action: str) -> str:
    if action == "later":
        flash(gettext("Bewaard. Je vindt dit ontwerp hier terug."), "success")
        if desk.addendum:
            return url_for("agreements.addenda_list", reference=desk.agreement.reference)
        return url_for("agreements.show", reference=desk.agreement.reference)
    if action:
        return desk.url(step)  # a button of this step: stay and see what it did
    return desk.url(desk.next_step(step))


def _page(desk: Desk, step: str, form: Any, terms: Terms | None = None) -> str:
    return render_template(
        TEMPLATES[step],
        form=form,
        add=AddPartnerForm(formdata=None, data={"version": desk.version}),
        steps=steps(desk, step),
        **desk.page(step, terms),
    )


def check_page(desk: Desk, form: Any) -> str:
    """Return the last step: what is missing, what it costs, and proposing it."""
    found = said(desk.remarks())
    return render_template(
        "agreements/step_check.html",
        form=form,
        steps=steps(desk, CHECK),
        **{**desk.page(CHECK), "remarks": found},
        blocked=any(one.blocking for one in found),
        labels={one: gettext(label) for one, label in desk.steps.items()},
    )


def steps(desk: Desk, current: str) -> list[dict[str, Any]]:
    """Return the steps with what is done; every one can be opened, a draft has no fixed order."""
    todo = desk.todo()
    return [
        {
            "label": gettext(label),
            "state": "current" if one == current else "todo" if todo[one] else "done",
            "url": desk.url(one),
        }
        for one, label in desk.steps.items()
    ]
