"""Guests who asked for an account: administrators find their organisation and invite them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts import guest_accounts as service
from portal.accounts.guest_forms import GuestInviteForm
from portal.accounts.guest_models import Guest
from portal.accounts.views import Page, blueprint
from portal.accounts.views.places import offer_organisations, organisation_meant
from portal.core import clock
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Listing
from portal.directory.models import Organisation

LISTING: Listing[Guest] = Listing(
    [
        Column("naam", N_("Naam"), lambda g: g.name, sort=Guest.name),
        Column("functie", N_("Functie"), lambda g: g.function),
        Column("organisatie", N_("Organisatie"), lambda g: g.organisation_name),
        Column("gevraagd", N_("Gevraagd"), lambda g: g.asked_account_at),
        Column("stand", N_("Stand"), lambda _: ""),
    ],
    row_id=Guest.id,
    first_sort="naam",
)


@blueprint.get("/mensen/aanvragen")
@requires(Permission.PEOPLE_MANAGE)
def guest_requests() -> str:
    """List who refers without an account and asked for one."""
    page = LISTING.page(service.asked(), request.args, request.path, count=True)
    return render_template("accounts/guest_requests.html", page=page)


@blueprint.route("/mensen/aanvragen/<int:guest_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def guest_request(guest_id: int) -> Page:
    """Find a guest's organisation, or add it, and invite her."""
    guest = service.find(guest_id)
    form = GuestInviteForm(
        where="known" if _known_organisation(guest) else "new",
        organisation=guest.organisation_name,
        new_name=guest.organisation_name,
        new_kind=guest.organisation_kind,
    )
    offer_organisations(form)
    if form.validate_on_submit() and succeeds(form, lambda: _invite(form, guest_id)):
        flash(gettext("De uitnodiging is verstuurd naar %(to)s.", to=guest.email), "success")
        return redirect(url_for("accounts.guest_requests"), 303)
    return render_template(
        "accounts/guest_request.html", form=form, guest=service.find(guest_id), now=clock.now()
    )


def _known_organisation(guest: Guest) -> Organisation | None:
    """Return an organisation of the same name, to propose; the guest herself is never linked."""
    named = Organisation.name == guest.organisation_name
    return db.session.scalar(select(Organisation).where(Organisation.active, named).limit(1))


def _invite(form: GuestInviteForm, guest_id: int) -> None:
    guest = service.find(guest_id)
    if form.where.data == "new":
        organisation = service.new_organisation(
            guest,
            form.new_name.data or "",
            form.new_kind.data,
            form.other_kind.data or "",
            actor(),
        )
    else:
        organisation = organisation_meant(form)
    if organisation is None:
        raise DomainError(N_("Kies de organisatie."), field="organisation")
    service.invite(guest, organisation, actor())


@blueprint.post("/mensen/aanvragen/<int:guest_id>/niet-uitnodigen")
@requires(Permission.PEOPLE_MANAGE)
def turn_down_guest(guest_id: int) -> Response:
    """Give no account; she is told, and goes on referring without one."""
    guest = service.find(guest_id)
    if succeeds(None, lambda: service.turn_down(guest, actor())):
        flash(gettext("%(name)s krijgt een mail en kan zonder account verder.", name=guest.name))
    return redirect(url_for("accounts.guest_requests"), 303)
