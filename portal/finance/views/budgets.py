"""The list of budgets, a budget, and what is decided about it as a whole."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import listing as agreements
from portal.core import export, guard
from portal.core.attempts import press, succeeds
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.finance import (
    budget_closing,
    budget_figures,
    budget_forecast,
    budget_list,
    budget_opening,
    budget_present,
    budget_states,
    budget_unit_costs,
    budget_warnings,
)
from portal.finance.budget_states import year_workflow
from portal.finance.forms.budget import AgainForm, ForecastForm, OpenYearForm, ThresholdsForm
from portal.finance.models import Budget, BudgetLine, LineKind, YearStatus
from portal.finance.views import blueprint

Answer = str | Response


@blueprint.get("/begrotingen")
@guard.requires(Permission.BUDGET_READ)
def budgets() -> Answer:
    """List the budgets one may see, with what is used of each."""
    actor = guard.actor()
    query, listing = budget_list.statement(actor), budget_list.listing_for(actor)
    if form := request.args.get("formaat"):
        rows = listing.everything(query, request.args)
        return export.respond(form, listing.columns, rows, gettext("begrotingen"))
    page = listing.page(query, request.args, request.path, count=True)
    return render_template("finance/budgets.html", page=page, lines=budget_list.lines(page.rows))


@blueprint.route("/begrotingen/<reference>", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def open_budget(reference: str) -> Answer:
    """Open the budget of a year of an agreement."""
    agreement = agreements.find(guard.actor(), reference)
    form = OpenYearForm()
    years = budget_opening.years_to_open(agreement)
    opened = budget_opening.years_of(agreement)
    # A year opened a moment ago may be sent once more: the one-time key or the rule answers.
    sent = [one.year for one in opened] if request.method == "POST" else []
    form.year.choices = [(year, str(year)) for year in sorted({*years, *sent})]

    def work() -> None:
        budget_opening.open_year(agreement, int(form.year.data), guard.actor())

    if form.validate_on_submit():
        path = url_for("finance.budget", reference=reference, year=form.year.data)
        said = gettext("De begroting %(year)s is geopend.", year=form.year.data)
        if done := keep(form, f"finance.open_budget {reference}", path, work, said):
            return done
    return render_template(
        "finance/open_budget.html",
        agreement=agreement,
        form=form,
        years=years,
        opened=opened,
        signed=agreement.status in budget_opening.SIGNED,
    )


@blueprint.get("/begrotingen/<reference>/<int:year>")
@guard.requires(Permission.BUDGET_READ)
def budget(reference: str, year: int) -> str:
    """Show a budget: planned, booked, committed and expected, per line and in total."""
    found = budget_opening.find(guard.actor(), reference, year)
    return render_template("finance/budget.html", **_shown(found))


def _shown(found: Budget) -> dict[str, Any]:
    actor = guard.actor()
    standing = budget_figures.standing(found)
    manages = actor.can(Permission.BUDGET_MANAGE)
    behind = year_workflow.can(found, "draw_up", actor) and budget_opening.is_behind(
        found, budget_opening.drawn_up_now(found)
    )
    return {
        "budget": found,
        "agreement": found.agreement,
        "standing": standing,
        "costs": budget_present.rows(standing, standing.costs),
        "income": budget_present.rows(standing, standing.income),
        "bars": budget_present.bars(standing),
        "status": (
            gettext(budget_states.YEAR_LABELS[found.status]),
            budget_states.YEAR_TONES[found.status],
        ),
        "index_words": budget_present.index_words(found),
        "index_known": budget_present.index_known(found),
        "warned": budget_warnings.warned(standing),
        "tone": budget_warnings.tone(found, standing.cost),
        "method": [gettext(words) for words in budget_forecast.METHOD],
        "years": budget_opening.years_of(found.agreement),
        "units": budget_unit_costs.unit_costs(standing, actor),
        "manages": manages,
        "may": {t.action for t in year_workflow.allowed(found, actor)},
        "steps": _steps(found) if manages else [],
        "again_form": AgainForm(data={"version": found.version}) if behind else None,
        "statements": [
            (
                one,
                gettext(budget_states.STATEMENT_LABELS[one.status]),
                budget_states.STATEMENT_TONES[one.status],
            )
            for one in budget_closing.visible_statements(found, actor)
        ],
        "timeline": budget_present.timeline(found) if manages else [],
    }


def _steps(found: Budget) -> list[dict[str, str]]:
    """Return what HSV may do with a budget now."""
    place = {"reference": found.agreement.reference, "year": found.year}
    steps = [(gettext("Boekingen"), "finance.bookings", "secondary")]
    if found.status == YearStatus.OPEN:
        steps = [
            (gettext("Kost of inkomst boeken"), "finance.book_cost", "primary"),
            (gettext("Vastleggen"), "finance.book_commitment", "secondary"),
            (gettext("Invoeren uit bestand"), "finance.import_bookings", "secondary"),
            *steps,
            (gettext("Jaar afsluiten"), "finance.close_budget", "secondary"),
        ]
    else:
        steps.append((gettext("Jaar heropenen"), "finance.reopen_budget", "danger"))
    return [
        {"label": label, "url": url_for(endpoint, **place), "tone": tone}
        for label, endpoint, tone in steps
    ]


@blueprint.get("/begrotingen/<reference>/<int:year>/indexering")
@guard.requires(Permission.BUDGET_READ)
def budget_indexation(reference: str, year: int) -> str:
    """Show how the amounts of the year follow from those signed, step by step."""
    found = budget_opening.find(guard.actor(), reference, year)
    return render_template(
        "finance/budget_indexation.html",
        budget=found,
        agreement=found.agreement,
        words=budget_present.index_words(found),
        known=budget_present.index_known(found),
        facts=budget_present.index_facts(found),
        steps=budget_present.index_steps(found, found.lines),
        contributions=[line for line in found.lines if line.kind == LineKind.CONTRIBUTION],
    )


@blueprint.post("/begrotingen/<reference>/<int:year>/berekenen")
@guard.requires(Permission.BUDGET_MANAGE)
def draw_up_budget(reference: str, year: int) -> Response:
    """Draw a budget up again from the version signed and the figures known now."""
    actor = guard.actor()
    found = budget_opening.find(actor, reference, year)
    form = AgainForm()
    if press(form, lambda: budget_opening.draw_up_again(found, actor, form.version.data)):
        flash(gettext("De begroting is opnieuw berekend."), "success")
    return redirect(url_for("finance.budget", reference=reference, year=year), 303)


@blueprint.route("/begrotingen/<reference>/<int:year>/drempels", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def budget_thresholds(reference: str, year: int) -> Answer:
    """Set at how much of a line a warning comes."""
    actor = guard.actor()
    found = budget_opening.find(actor, reference, year)
    form = ThresholdsForm(
        data={
            "version": found.version,
            "warn_at": found.warn_at_percent,
            "alarm_at": found.alarm_at_percent,
        }
    )

    def work() -> None:
        budget_warnings.set_thresholds(
            found, form.warn_at.data or 0, form.alarm_at.data or 0, actor, form.version.data
        )

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("De drempels zijn bewaard."), "success")
        return redirect(url_for("finance.budget", reference=reference, year=year), 303)
    return render_template(
        "finance/budget_thresholds.html", budget=found, agreement=found.agreement, form=form
    )


@blueprint.route(
    "/begrotingen/<reference>/<int:year>/lijnen/<int:line_id>/prognose", methods=["GET", "POST"]
)
@guard.requires(Permission.BUDGET_MANAGE)
def budget_forecast_line(reference: str, year: int, line_id: int) -> Answer:
    """Let a person say what a line will come to, with the reason."""
    actor = guard.actor()
    found = budget_opening.find(actor, reference, year)
    line = budget_forecast.line_of(found, line_id)
    form = ForecastForm()

    def work() -> None:
        budget_forecast.adjust(found, line, form.cents.data, form.reason.data or "", actor)

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("De prognose is bewaard."), "success")
        return redirect(url_for("finance.budget", reference=reference, year=year), 303)
    return render_template(
        "finance/budget_forecast_line.html",
        budget=found,
        agreement=found.agreement,
        form=form,
        standing=_standing_of(found, line),
        history=budget_present.forecasts(line),
        method=[gettext(words) for words in budget_forecast.METHOD],
    )


def _standing_of(found: Budget, line: BudgetLine) -> budget_figures.LineStanding:
    standing = budget_figures.standing(found)
    return next(o for o in (*standing.costs, *standing.income) if o.line.id == line.id)
