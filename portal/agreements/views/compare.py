"""Working together, for whoever wonders: the packages side by side, and what they would cost."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.agreements import packages, packages_shown, scenarios
from portal.agreements.forms.scenario import NAMES, ScenarioForm
from portal.agreements.scenarios import Scenario
from portal.agreements.views import blueprint

Page = str | Response


@blueprint.get("/samenwerken")
def compare() -> Page:
    """Compare the packages for the municipalities, size and start asked."""
    edition = packages.active_edition()
    offer = packages.offer_of(edition)
    form = ScenarioForm.asked(request.args, offer)
    scenario = form.scenario()
    if form.gemeente.data and not form.errors:
        return redirect(path_of(scenario))
    return render_template(
        "agreements/compare.html",
        form=form,
        offer=offer,
        shown=packages_shown,
        live_names=" ".join(NAMES),
        **_priced(scenario),
    )


@blueprint.get("/samenwerken/prijs")
def compare_prices() -> dict[str, str]:
    """Return the prices alone, for the page that asks again while answers change."""
    edition = packages.active_edition()
    offer = packages.offer_of(edition)
    form = ScenarioForm.asked(request.args, offer)
    html = render_template(
        "agreements/_compare_prices.html",
        offer=offer,
        shown=packages_shown,
        **_priced(form.scenario()),
    )
    return {"html": html}


def path_of(scenario: Scenario) -> str:
    """Return the address at which a scenario is shown."""
    return f"{url_for('agreements.compare')}?{scenario.query()}"


def _priced(scenario: Scenario) -> dict[str, Any]:
    edition = packages.active_edition()
    snapshot = scenarios.price(scenario, packages.offer_of(edition), edition.number, edition.title)
    return {"snapshot": snapshot, "path": path_of(scenario), "query": scenario.query()}
