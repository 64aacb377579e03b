"""Invoicing: how HSV stands on its documents, and how each partner wants them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import clock, guard, once
from portal.core.attempts import attempt, succeeds
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission
from portal.directory.models import Organisation
from portal.finance import invoicing_details, invoicing_settings
from portal.finance.forms.invoicing import DetailsForm, SettingsForm
from portal.finance.views import blueprint

Page = str | Response


@blueprint.get("/instellingen/facturatie")
@guard.requires(Permission.INVOICING_SETTINGS)
def settings() -> str:
    """Show how HSV stands on its invoices, now and before."""
    rows = invoicing_settings.history()
    known = accounts.accounts_by_id({row.recorded_by_id for row in rows if row.recorded_by_id})
    return render_template(
        "finance/settings.html",
        rows=rows,
        now=invoicing_settings.find(clock.today()),
        names={one.id: one.name for one in known.values()},
    )


@blueprint.route("/instellingen/facturatie/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.INVOICING_SETTINGS)
def record_settings() -> Page:
    """Record how HSV stands on its invoices from a day on."""
    form = SettingsForm(data=_known())
    if form.validate_on_submit() and (path := attempt(form, lambda: _record(form))):
        return redirect(path, 303)
    return render_template("finance/record_settings.html", form=form)


def _known() -> dict[str, object]:
    """Return what holds today, to change what changed; the first time, what is usual."""
    row = invoicing_settings.find(clock.today())
    if row is None:
        return {"from_on": clock.today(), **invoicing_settings.USUAL}
    names = invoicing_settings.Details.__dataclass_fields__
    return {**{name: getattr(row, name) for name in names}, "from_on": clock.today()}


def _record(form: SettingsForm) -> str:
    actor = guard.actor()
    path = url_for("finance.settings")
    if earlier := once.redeem(
        form.once.data, "finance.settings", request.form, account_id=actor.account_id
    ):
        return earlier
    invoicing_settings.record(form.details(), actor)
    once.finish(str(form.once.data), path)
    flash(gettext("De facturatiegegevens zijn bewaard."), "success")
    return path


@blueprint.route("/financien/facturatiegegevens", methods=["GET", "POST"])
@guard.requires(Permission.INVOICING_DETAILS)
def own_details() -> Page:
    """Let a partner say how it wants its invoices."""
    actor = guard.actor()
    if actor.can(Permission.INVOICE_MANAGE) or actor.organisation_id is None:
        return redirect(url_for("finance.invoices"))
    return _details(actor.organisation_id, url_for("finance.start"))


@blueprint.route(
    "/financien/partners/<int:organisation_id>/facturatiegegevens", methods=["GET", "POST"]
)
@guard.requires(Permission.INVOICE_MANAGE)
def partner_details(organisation_id: int) -> Page:
    """Let HSV fill in what a partner told it."""
    return _details(organisation_id, url_for("finance.invoices"))


def _details(organisation_id: int, back: str) -> Page:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError()
    actor = guard.actor()
    known = invoicing_details.of(organisation_id)
    form = DetailsForm(obj=known, data={"version": invoicing_details.version_of(organisation_id)})

    def work() -> None:
        version = form.version.data
        invoicing_details.change(organisation, form.wishes(), version, actor)

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("De gegevens voor jullie facturen zijn bewaard."), "success")
        return redirect(back, 303)
    return render_template(
        "finance/details.html",
        form=form,
        organisation=organisation,
        back=back,
        usual=invoicing_details.default_peppol_id(organisation),
    )
