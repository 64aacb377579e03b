"""Closing a year, and the statements of account the partners approve or question."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import guard
from portal.core.attempts import attempt, press, succeeds
from portal.core.db import db, reading
from portal.core.downloads import attachment
from portal.core.errors import ConflictError, DomainError
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.rendering import RefusedError
from portal.finance import (
    budget_bookings_list,
    budget_closing,
    budget_figures,
    budget_opening,
    budget_present,
    budget_states,
)
from portal.finance.budget_closing import Choice, Prepared
from portal.finance.budget_states import statement_workflow, year_workflow
from portal.finance.forms.statements import ApproveForm, CloseYearForm, ReopenYearForm, WordsForm
from portal.finance.models import Budget, Statement
from portal.finance.views import blueprint

Answer = str | Response
_YEAR = "/begrotingen/<reference>/<int:year>"
_STATEMENT = f"{_YEAR}/afrekeningen/<int:statement_id>"


@blueprint.route(f"{_YEAR}/afsluiten", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def close_budget(reference: str, year: int) -> Answer:
    """Show what closing the year comes to; then print, keep and send its statements."""
    actor = guard.actor()
    found = budget_opening.find(actor, reference, year)
    _must_fit(found, "close")
    form = CloseYearForm(data={"version": found.version})
    if form.validate_on_submit() and _close(reference, year, form):
        flash(gettext("Het jaar is afgesloten. De partners krijgen hun afrekening."), "success")
        return redirect(url_for("finance.budget", reference=reference, year=year), 303)
    found = budget_opening.find(actor, reference, year)
    standing = budget_figures.standing(found)
    return render_template(
        "finance/close_budget.html",
        budget=found,
        agreement=found.agreement,
        form=form,
        standing=standing,
        obstacles=[gettext(words) for words in budget_closing.obstacles(found)],
        settlement=budget_closing.settled(standing, Choice()),
        reserve=budget_closing.reserve_cents(found),
        goes_on=budget_closing.goes_on(found),
        bare=budget_bookings_list.without_document(found),
    )


def _close(reference: str, year: int, form: CloseYearForm) -> bool:
    """Print outside the transaction that writes, so that nobody waits for Word; then keep it."""
    actor = guard.actor()
    choice = Choice(form.carry.data or 0, form.steering_on.data)
    db.session.rollback()
    with reading():
        seen = budget_opening.find(actor, reference, year)
        prepared = attempt(form, lambda: _printed(seen, choice, form.version.data))
    if prepared is None:
        return False
    found = budget_opening.find(actor, reference, year)
    return succeeds(form, lambda: budget_closing.close(found, prepared, choice, actor))


def _printed(seen: Budget, choice: Choice, version: int | None) -> Prepared:
    if seen.version != version:
        message = N_("Intussen heeft iemand anders dit gewijzigd.")
        raise ConflictError(message, budget_states.year_changes(seen, version or 0))
    try:
        return budget_closing.prepare(seen, choice)
    except RefusedError as refused:
        message = N_("De tekst kan niet gedrukt worden: %(why)s")
        raise DomainError(message, why="; ".join(str(p) for p in refused.problems)) from refused


def _must_fit(found: Budget, action: str) -> None:
    if not year_workflow.can(found, action, guard.actor()):
        raise ConflictError(N_("Deze stap kan nu niet meer."), budget_states.year_changes(found, 0))


@blueprint.route(f"{_YEAR}/heropenen", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def reopen_budget(reference: str, year: int) -> Answer:
    """Open a closed year again, with the reason; its statements become void."""
    actor = guard.actor()
    found = budget_opening.find(actor, reference, year)
    _must_fit(found, "reopen")
    form = ReopenYearForm(data={"version": found.version})

    def work() -> None:
        budget_closing.reopen(found, form.reason.data or "", actor, form.version.data)

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("Het jaar is heropend. De afrekeningen vervallen."), "success")
        return redirect(url_for("finance.budget", reference=reference, year=year), 303)
    return render_template(
        "finance/reopen_budget.html", budget=found, agreement=found.agreement, form=form
    )


@blueprint.get(_STATEMENT)
@guard.requires(Permission.BUDGET_READ)
def statement(reference: str, year: int, statement_id: int) -> str:
    """Show a statement of account as it was sent, and what was said about it."""
    found = _find(reference, year, statement_id)
    return render_template("finance/statement.html", **_shown(found))


def _find(reference: str, year: int, statement_id: int) -> Statement:
    actor = guard.actor()
    budget = budget_opening.find(actor, reference, year)
    return budget_closing.find_statement(budget, statement_id, actor)


def _shown(found: Statement, form: WordsForm | None = None) -> dict[str, Any]:
    may = {t.action for t in statement_workflow.allowed(found, guard.actor())}
    return {
        "budget": found.budget,
        "agreement": found.budget.agreement,
        "statement": found,
        "of": found.figures_json,
        "status": (
            gettext(budget_states.STATEMENT_LABELS[found.status]),
            budget_states.STATEMENT_TONES[found.status],
        ),
        "may": may,
        "approve_form": ApproveForm(formdata=None, data={"version": found.version}),
        "form": form or WordsForm(formdata=None, data={"version": found.version}),
        "timeline": budget_present.talk(found),
    }


@blueprint.get(f"{_STATEMENT}/<any(word, pdf):form>")
@guard.requires(Permission.BUDGET_READ)
def statement_file(reference: str, year: int, statement_id: int, form: str) -> Response:
    """Send a statement as it was sent, in Word or PDF."""
    data, document = budget_closing.read(_find(reference, year, statement_id), form)
    return attachment(data, document.filename or "afrekening", document.media_type)


@blueprint.post(f"{_STATEMENT}/goedkeuren")
@guard.requires(Permission.STATEMENT_ANSWER)
def approve_statement(reference: str, year: int, statement_id: int) -> Response:
    """Let a partner approve its statement."""
    found, form = _find(reference, year, statement_id), ApproveForm()
    if press(form, lambda: budget_closing.approve(found, guard.actor(), form.version.data)):
        flash(gettext("De afrekening is goedgekeurd."), "success")
    return _back(reference, year, statement_id)


def _back(reference: str, year: int, statement_id: int) -> Response:
    path = url_for("finance.statement", reference=reference, year=year, statement_id=statement_id)
    return redirect(path, 303)


@blueprint.post(f"{_STATEMENT}/vragen")
@guard.requires(Permission.STATEMENT_ANSWER)
def question_statement(reference: str, year: int, statement_id: int) -> Answer:
    """Let a partner ask something about its statement."""
    found = _find(reference, year, statement_id)
    return _say(found, budget_closing.ask, gettext("Je vraag is bezorgd."))


@blueprint.post(f"{_STATEMENT}/antwoorden")
@guard.requires(Permission.BUDGET_MANAGE)
def answer_statement(reference: str, year: int, statement_id: int) -> Answer:
    """Answer a partner's question about its statement."""
    found = _find(reference, year, statement_id)
    return _say(found, budget_closing.answer, gettext("Je antwoord is bezorgd."))


def _say(found: Statement, work: Callable[..., None], said: str) -> Answer:
    form = WordsForm()
    actor = guard.actor()
    if form.validate_on_submit() and succeeds(
        form, lambda: work(found, form.text.data or "", actor, form.version.data)
    ):
        flash(said, "success")
        budget = found.budget
        return _back(budget.agreement.reference, budget.year, found.id)
    return render_template("finance/statement.html", **_shown(found, form))
