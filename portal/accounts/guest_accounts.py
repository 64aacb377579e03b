"""From guest to account: she asks, an administrator finds her organisation and invites her."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts import guest_mails, guests, invitations
from portal.accounts.guest_models import Guest
from portal.core import audit, clock, mail
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Role
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from portal.directory.organisations import OrganisationDetails


def guest_of(actor: Actor) -> Guest:
    """Return the guest who acts. Raises NotFoundError."""
    found = db.session.get(Guest, actor.guest_id) if actor.guest_id else None
    if found is None:
        raise NotFoundError()
    return found


def ask(actor: Actor) -> None:
    """Ask for an account; asking again changes nothing."""
    guest = guest_of(actor)
    if guest.asked_account_at is None:
        guest.asked_account_at = clock.now()
        audit.record("guest:ask_account", guest, actor=actor, fields={"asked_account_at"})


def asked() -> Select[Guest]:
    """Return a select of the guests who asked for an account and have none yet."""
    return (
        select(Guest)
        .where(Guest.asked_account_at.is_not(None), Guest.account_id.is_(None))
        .options(joinedload(Guest.municipality), joinedload(Guest.invitation))
    )


def find(guest_id: int) -> Guest:
    """Return a guest who asked for an account. Raises NotFoundError for any other."""
    found = db.session.scalar(asked().where(Guest.id == guest_id))
    if found is None:
        raise NotFoundError()
    return found


def new_organisation(
    guest: Guest, name: str, kind: OrganisationKind | None, other_kind: str, by: Actor
) -> Organisation:
    """Return a new organisation for a guest. Raises DomainError."""
    if kind is None:
        raise DomainError(organisations.WHICH_KIND, field="new_kind")
    if not name:
        raise DomainError(N_("Vul de naam van de organisatie in."), field="new_name")
    details = OrganisationDetails(name=name, kind=kind, other_kind=other_kind, nis=guest.nis)
    return organisations.create_organisation(details, by)


def invite(guest: Guest, organisation: Organisation, by: Actor) -> None:
    """Invite a guest to refer for an organisation; what is hers goes along when she accepts."""
    if guest.invitation is not None and guest.invitation.is_open():
        raise DomainError(N_("Deze persoon is al uitgenodigd. Stuur die uitnodiging opnieuw."))
    guest.invitation = invitations.invite(
        by,
        email=guest.email,
        name=guest.name,
        role=Role.REFERRER,
        organisation=organisation,
        function=guest.function,
    )
    db.session.flush()
    audit.record("guest:invite", guest, actor=by, fields={"invitation_id"})


def turn_down(guest: Guest, by: Actor) -> None:
    """Give no account, and tell her that referring without one goes on."""
    if guest.invitation is not None and guest.invitation.is_open():
        invitations.revoke(guest.invitation, by)
    asked_at, guest.asked_account_at = guest.asked_account_at, None
    audit.record("guest:turn_down_account", guest, actor=by, fields={"asked_account_at"})
    message = guest_mails.no_account(guest, guests.new_link(guest.id))
    mail.send(message, key=f"guest_no_account:{guest.id}:{asked_at:%Y%m%d%H%M%S%f}")
