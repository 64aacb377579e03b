"""Working together, for whoever wonders: the packages side by side, and what they would cost."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.agreements import packages, packages_shown, scenarios
from portal.agreements.forms.scenario import NAMES, ScenarioForm
from portal.agreements.models import PackageEdition
from portal.agreements.scenarios import Scenario
from portal.agreements.views import blueprint

Page = str | Response


@blueprint.get("/samenwerken")
def compare() -> Page:
    """Compare the packages for the municipalities, size and start asked."""
    edition = packages.active_edition()
    form = ScenarioForm.asked(request.args, packages.offer_of(edition))
    scenario = form.scenario()
    if form.gemeente.data and not form.errors:
        return redirect(path_of(scenario))
    return render_template(
        "agreements/compare.html",
        form=form,
        live_names=" ".join(NAMES),
        **_priced(scenario, edition),
    )


@blueprint.get("/samenwerken/prijs")
def compare_prices() -> dict[str, str]:
    """Return the prices alone, for the page that asks again while answers change."""
    edition = packages.active_edition()
    form = ScenarioForm.asked(request.args, packages.offer_of(edition))
    priced = _priced(form.scenario(), edition)
    return {"html": render_template("agreements/_compare_prices.html", **priced)}


def path_of(scenario: Scenario) -> str:
    """Return the address at which a scenario is shown."""
    return f"{url_for('agreements.compare')}?{scenario.query()}"


def _priced(scenario: Scenario, edition: PackageEdition) -> dict[str, Any]:
    offer = packages.offer_of(edition)
    return {
        "offer": offer,
        "shown": packages_shown,
        "snapshot": scenarios.price(scenario, offer, edition.number, edition.title),
        "path": path_of(scenario),
        "query": scenario.query(),
    }
