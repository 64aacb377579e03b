"""Editions of the offer: looked at by HSV's people, written by one, put in use by another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.agreements import packages as service
from portal.agreements import packages_shown as shown
from portal.agreements.forms.package_prices import InstalmentsForm, PricesForm
from portal.agreements.forms.packages import NewEditionForm, PackageForm, ServicesForm
from portal.agreements.models import EditionState, PackageEdition
from portal.agreements.offer import Offer, Package
from portal.agreements.terms import Formula
from portal.agreements.views import blueprint
from portal.core import once
from portal.core.attempts import attempt, press
from portal.core.forms import VersionedForm
from portal.core.guard import actor, requires
from portal.core.permissions import Permission

Page = str | Response


@blueprint.get("/aanbod")
@requires(Permission.PACKAGE_VIEW)
def packages() -> str:
    """List the editions: in use, being made, and those that were."""
    found = service.editions()
    return render_template(
        "agreements/packages.html",
        editions=found,
        draft=next((e for e in found if e.state == EditionState.DRAFT), None),
        names=_names(found),
        shown=shown,
    )


@blueprint.route("/aanbod/nieuw", methods=["GET", "POST"])
@requires(Permission.PACKAGE_MANAGE)
def new_edition() -> Page:
    """Begin a new edition, copied from the one in use."""
    form = NewEditionForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _begin(form))):
        return redirect(path)
    return render_template(
        "agreements/new_edition.html", form=form, active=service.active_edition()
    )


def _begin(form: NewEditionForm) -> str:
    who = actor()
    earlier = once.redeem(form.once.data, "edition", request.form, account_id=who.account_id)
    if earlier:
        return earlier
    made = service.begin_draft(form.title.data or "", form.reason.data or "", who)
    path = url_for("agreements.edition", number=made.number)
    once.finish(str(form.once.data), path)
    flash(gettext("De nieuwe uitgave is een kopie van het aanbod in gebruik. Pas ze nu aan."))
    return path


@blueprint.get("/aanbod/<int:number>")
@requires(Permission.PACKAGE_VIEW)
def edition(number: int) -> str:
    """Show one edition whole."""
    found = service.edition(number)
    draft = found.state == EditionState.DRAFT
    return render_template(
        "agreements/edition.html",
        edition=found,
        offer=service.offer_of(found),
        names=_names([found]),
        shown=shown,
        may_edit=draft and actor().can(Permission.PACKAGE_MANAGE),
        may_activate=draft and service.may_activate(found, actor()),
        problems=_problems(found),
    )


def _problems(found: PackageEdition) -> list[str]:
    problems = service.offer_problems(service.offer_of(found))
    return [gettext(one.message, **one.values) for one in problems]


@blueprint.get("/aanbod/<int:number>/verschillen")
@requires(Permission.PACKAGE_VIEW)
def edition_differences(number: int) -> str:
    """Show what differs between an edition and another: by default the one it was copied from."""
    found = service.edition(number)
    wanted = request.args.get("met", type=int) or found.based_on
    other = service.edition(wanted) if wanted else service.active_edition()
    return render_template(
        "agreements/edition_differences.html",
        edition=found,
        other=other,
        choices=[(e.number, e.title) for e in service.editions() if e.number != number],
        rows=shown.shown_differences(service.offer_of(other), service.offer_of(found)),
    )


@blueprint.route("/aanbod/<int:number>/diensten", methods=["GET", "POST"])
@requires(Permission.PACKAGE_MANAGE)
def edit_services(number: int) -> Page:
    """Change the texts of the ten services."""
    found = _draft(number)
    offer = service.offer_of(found)
    form = ServicesForm.of(offer, found.version)
    if form.validate_on_submit() and _saved(found, form, lambda: form.applied(offer)):
        return redirect(url_for("agreements.edition", number=number))
    return render_template("agreements/edit_services.html", edition=found, form=form)


@blueprint.route("/aanbod/<int:number>/pakket/<letter>", methods=["GET", "POST"])
@requires(Permission.PACKAGE_MANAGE)
def edit_package(number: int, letter: str) -> Page:
    """Change the words, services and usual terms of a package."""
    found, offer, package = _package(number, letter)
    form = PackageForm.of(package, found.version, offer)
    if form.validate_on_submit() and _saved(
        found, form, lambda: _with(offer, form.applied(package))
    ):
        return redirect(url_for("agreements.edition", number=number))
    return render_template(
        "agreements/edit_package.html", edition=found, package=package, form=form
    )


@blueprint.route("/aanbod/<int:number>/pakket/<letter>/prijzen", methods=["GET", "POST"])
@requires(Permission.PACKAGE_MANAGE)
def edit_prices(number: int, letter: str) -> Page:
    """Change the price list of a package."""
    found, offer, package = _package(number, letter)
    form = PricesForm.of(package, found.version)
    if form.validate_on_submit() and _saved(
        found, form, lambda: _with(offer, form.applied(package))
    ):
        return redirect(url_for("agreements.edition", number=number))
    return render_template("agreements/edit_prices.html", edition=found, package=package, form=form)


@blueprint.route("/aanbod/<int:number>/pakket/<letter>/schijven", methods=["GET", "POST"])
@requires(Permission.PACKAGE_MANAGE)
def edit_instalments(number: int, letter: str) -> Page:
    """Change the usual instalments of a package."""
    found, offer, package = _package(number, letter)
    form = InstalmentsForm.of(package, found.version)
    if form.validate_on_submit() and _saved(
        found, form, lambda: _with(offer, form.applied(package))
    ):
        return redirect(url_for("agreements.edition", number=number))
    return render_template(
        "agreements/edit_instalments.html", edition=found, package=package, form=form
    )


@blueprint.post("/aanbod/<int:number>/in-gebruik")
@requires(Permission.PACKAGE_ACTIVATE)
def activate_edition(number: int) -> Response:
    """Put a draft in use."""
    found, form = service.edition(number), VersionedForm()
    if press(form, lambda: service.activate(found, form.version.data, actor())):
        flash(gettext("%(title)s is nu in gebruik.", title=found.title), "success")
    return redirect(url_for("agreements.edition", number=number))


@blueprint.post("/aanbod/<int:number>/verwijderen")
@requires(Permission.PACKAGE_MANAGE)
def discard_edition(number: int) -> Response:
    """Throw a draft away."""
    found, form = service.edition(number), VersionedForm()
    if press(form, lambda: service.discard(found, form.version.data, actor())):
        flash(gettext("De uitgave in voorbereiding is verwijderd."), "success")
        return redirect(url_for("agreements.packages"))
    return redirect(url_for("agreements.edition", number=number))


def _draft(number: int) -> PackageEdition:
    """Return an edition that can still be written in; another one has no such page."""
    found = service.edition(number)
    if found.state != EditionState.DRAFT:
        abort(404)
    return found


def _package(number: int, letter: str) -> tuple[PackageEdition, Offer, Package]:
    found = _draft(number)
    offer = service.offer_of(found)
    if letter not in {formula.value.lower() for formula in Formula}:
        abort(404)
    return found, offer, offer.package(Formula(letter.upper()))


def _with(offer: Offer, package: Package) -> Offer:
    kept = (package if p.formula == package.formula else p for p in offer.packages)
    return replace(offer, packages=tuple(kept))


def _saved(found: PackageEdition, form: Any, offer: Callable[[], Offer]) -> bool:
    def work() -> bool:
        service.save(found, offer(), form.version.data, actor())
        return True

    if not attempt(form, work):
        return False
    flash(gettext("De uitgave is bijgewerkt."), "success")
    return True


def _names(found: list[PackageEdition]) -> dict[int, str]:
    wanted = {one for e in found for one in (*e.writer_ids, e.activated_by_id) if one is not None}
    return {one.id: one.name for one in accounts.accounts_by_id(wanted).values()}
