"""Of two people who change the same thing, the second learns what the first did."""

from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import Change, ConflictError
from portal.core.i18n import N_
from portal.directory.models import Branch, Organisation

LABELS: dict[str, str] = {
    "name": N_("Naam"),
    "kind": N_("Soort organisatie"),
    "other_kind": N_("Welke soort"),
    "kbo": N_("Ondernemingsnummer"),
    "nis": N_("Gemeente"),
    "street": N_("Straat en nummer"),
    "postcode": N_("Postcode"),
    "city": N_("Plaats"),
    "phone": N_("Telefoon"),
    "email": N_("E-mailadres"),
    "website": N_("Website"),
    "colleagues_see_referrals": N_("Collega's zien elkaars verwijzingen"),
    "active": N_("Actief of stopgezet"),
    "places_capacity": N_("Plaatsen"),
    "active_from": N_("Open vanaf"),
    "closed_on": N_("Laatste dag open"),
    "recognition_number": N_("Erkenningsnummer"),
    "recognised_on": N_("Erkend op"),
}


def expect(thing: Organisation | Branch, version: int | None) -> None:
    """Raise ConflictError, with what changed since, when the version is not the current one."""
    if version is not None and version != thing.version:
        raise ConflictError(
            N_("Intussen heeft iemand anders dit gewijzigd."), _since(thing, version)
        )


def _since(thing: Organisation | Branch, version: int) -> list[Change]:
    """Each change of an organisation or branch raises its version by one and is one event."""
    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.object_type == thing.__tablename__)
        .where(AuditEvent.object_id == str(thing.id))
        .order_by(AuditEvent.number.desc())
        .limit(max(thing.version - version, 0))
    )
    return [
        Change(label=LABELS.get(name, name), at=event.at, who="")
        for event in reversed(list(events))
        for name in event.fields
    ]
