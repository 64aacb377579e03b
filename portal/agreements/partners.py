"""Finding the organisation that becomes a partner."""

from flask_babel import gettext
from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory.kbo import show_kbo
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from portal.directory.organisations import matching

MOST_OFFERED = 10


def offered(text: str) -> list[tuple[Organisation, str]]:
    """Return the organisations that answer a search and can be a partner, each with a note."""
    if len(text.strip()) < 2:
        return []
    return [(one, _note(one)) for one in db.session.scalars(_found(text).limit(MOST_OFFERED))]


def pick(text: str, organisation_id: str = "") -> Organisation:
    """Return the organisation that was chosen, or the only one that was typed. Raises DomainError.

    `organisation_id` comes from a suggestion; the text alone serves without JavaScript.
    """
    if organisation_id.isascii() and organisation_id.isdecimal():
        found = db.session.get(Organisation, int(organisation_id))
        if found is not None and found.active and found.kind.may_be_partner:
            return found
    several = list(db.session.scalars(_found(text).limit(MOST_OFFERED)))
    exact = [one for one in several if one.name.casefold() == text.strip().casefold()]
    if len(exact) == 1 or len(several) == 1:
        return (exact or several)[0]
    if several:
        names = ", ".join(one.name for one in several[:4])
        message = N_("Er zijn er meer die zo heten: %(names)s. Typ de volledige naam.")
        raise DomainError(message, "partner", names=names)
    message = N_("We kennen deze organisatie niet. Vraag een beheerder om ze toe te voegen.")
    raise DomainError(message, "partner")


def _found(text: str):
    partners = [kind for kind in OrganisationKind if kind.may_be_partner]
    return (
        select(Organisation)
        .where(matching(text), Organisation.active, Organisation.kind.in_(partners))
        .order_by(Organisation.sort_name, Organisation.id)
    )


def _note(organisation: Organisation) -> str:
    number = show_kbo(organisation.kbo)
    return ", ".join(part for part in (gettext(organisation.kind.label), number) if part)
