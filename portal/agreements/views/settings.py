"""Dated settings: index figures and legal grounds, each with its source."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import figures, indexation, legal, notices
from portal.agreements.forms.settings import (
    EndGroundForm,
    FigureForm,
    GroundForm,
    RecalculateForm,
    index_kinds,
)
from portal.agreements.indexation_shown import calculation, figure_text
from portal.agreements.terms import IndexKind
from portal.agreements.views import blueprint
from portal.core import clock, once
from portal.core.attempts import attempt
from portal.core.guard import actor, requires
from portal.core.permissions import Permission

Page = str | Response


@blueprint.get("/instellingen/indexcijfers")
@requires(Permission.TERMS_MANAGE)
def index_figures() -> str:
    """List the figures recorded, the latest month first."""
    found = {kind: figures.history(kind) for kind in (IndexKind.HEALTH, IndexKind.SPIL)}
    people = notices.names_of(row.recorded_by_id for rows in found.values() for row in rows)
    return render_template(
        "agreements/index_figures.html",
        tables=[(label, found[IndexKind(kind)]) for kind, label in index_kinds()],
        names=people,
        figure_text=figure_text,
    )


@blueprint.route("/instellingen/indexcijfers/nieuw", methods=["GET", "POST"])
@requires(Permission.TERMS_MANAGE)
def record_figure() -> Page:
    """Write down a published figure; a correction replaces what stood there."""
    form = FigureForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _record(form))):
        return redirect(path)
    return render_template("agreements/record_figure.html", form=form)


def _record(form: FigureForm) -> str:
    who = actor()
    earlier = once.redeem(form.once.data, "index figure", request.form, account_id=who.account_id)
    if earlier:
        return earlier
    figures.record_figure(
        IndexKind(form.kind.data),
        form.figure(),
        form.source.data or "",
        who,
        form.published_on.data,
    )
    path = url_for("agreements.index_figures")
    once.finish(str(form.once.data), path)
    flash(gettext("Het cijfer is bewaard."), "success")
    return path


@blueprint.get("/instellingen/indexcijfers/narekenen")
@requires(Permission.TERMS_MANAGE)
def recalculate() -> str:
    """Show how an amount follows from one month to another, with the calculation."""
    form, result = RecalculateForm(request.args), ""
    if request.args and form.validate():
        assert form.base_month.data is not None
        assert form.month.data is not None
        kind = IndexKind(form.kind.data)
        step = indexation.between(kind, form.base_month.data, form.month.data, figures.lookup)
        result = calculation(form.amount.data, step)
    return render_template("agreements/recalculate.html", form=form, result=result)


@blueprint.get("/instellingen/rechtsgronden")
@requires(Permission.TERMS_MANAGE)
def legal_grounds() -> str:
    """List the legal grounds by what they are named for."""
    today, by_use = clock.today(), {use: [] for use in legal.USES}
    for ground in legal.all_grounds():
        by_use.setdefault(ground.use, []).append(ground)
    return render_template(
        "agreements/legal_grounds.html",
        groups=[(gettext(legal.USES.get(use, use)), found) for use, found in by_use.items()],
        today=today,
    )


@blueprint.route("/instellingen/rechtsgronden/nieuw", methods=["GET", "POST"])
@requires(Permission.TERMS_MANAGE)
def add_ground() -> Page:
    """Add a legal ground."""
    form = GroundForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _add(form))):
        return redirect(path)
    return render_template("agreements/add_ground.html", form=form)


def _add(form: GroundForm) -> str:
    who = actor()
    earlier = once.redeem(form.once.data, "legal ground", request.form, account_id=who.account_id)
    if earlier:
        return earlier
    assert form.from_on.data is not None
    legal.add_ground(
        form.use.data or "",
        form.text.data or "",
        form.from_on.data,
        who,
        url=form.url.data or "",
        source=form.source.data or "",
    )
    path = url_for("agreements.legal_grounds")
    once.finish(str(form.once.data), path)
    flash(gettext("De rechtsgrond is toegevoegd."), "success")
    return path


@blueprint.route("/instellingen/rechtsgronden/<int:ground_id>/beeindigen", methods=["GET", "POST"])
@requires(Permission.TERMS_MANAGE)
def end_ground(ground_id: int) -> Page:
    """Set the last day a ground may be named."""
    found = legal.ground(ground_id)
    form = EndGroundForm(data={"to_on": found.to_on or clock.today()})

    def work() -> bool:
        assert form.to_on.data is not None
        legal.end_ground(found, form.to_on.data, actor())
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash(gettext("De laatste dag is bewaard."), "success")
        return redirect(url_for("agreements.legal_grounds"))
    return render_template("agreements/end_ground.html", form=form, ground=found)
