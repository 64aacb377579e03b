"""Organisations: keeping them, finding them."""

import re
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields

from sqlalchemy import ColumnElement, and_, or_, select, true

from portal.core import audit
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.changes import expect
from portal.directory.folding import fold
from portal.directory.kbo import parse_kbo, show_kbo
from portal.directory.kinds import LOCAL_GOVERNMENTS, OrganisationKind, Source
from portal.directory.models import Municipality, Organisation
from portal.directory.municipalities import UNKNOWN

_NUMBER = re.compile(r"(?:be)?[\s.]*\d[\d\s.]*", re.IGNORECASE)

_HSV = OrganisationKind.HSV
WHICH_KIND = N_("Zeg wat voor organisatie dit is.")


@dataclass(frozen=True)
class OrganisationDetails:
    """What staff write down about an organisation; texts as typed, kbo in any notation."""

    name: str
    kind: OrganisationKind
    other_kind: str = ""
    kbo: str = ""
    nis: str | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    colleagues_see_referrals: bool = True


def matching(text: str) -> ColumnElement[bool]:
    """Return the condition on organisations for what a person typed.

    Words of the name in any order, or (the beginning of) a KBO or OVO number.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        numbers = [Organisation.kbo.startswith(digits), Organisation.sort_name.contains(digits)]
        if len(digits) == 9:  # the first zero was left out for years
            numbers.append(Organisation.kbo == f"0{digits}")
        return or_(*numbers)
    if text.upper().startswith("OVO") and text[3:].isdecimal():
        return Organisation.ovo.startswith(text.upper())
    return and_(true(), *(Organisation.sort_name.contains(word) for word in fold(text).split()))


def organisation(organisation_id: int) -> Organisation:
    """Return one organisation. Raises NotFoundError."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError()
    return found


def local_governments_of(nis: str) -> list[Organisation]:
    """Return the active municipality and OCMW of a municipality, the municipality first."""
    query = (
        select(Organisation)
        .where(Organisation.nis == nis, Organisation.active)
        .where(Organisation.kind.in_(LOCAL_GOVERNMENTS))
        .order_by(Organisation.kind, Organisation.sort_name)
    )
    return list(db.session.scalars(query))


def create_organisation(details: OrganisationDetails, by: Actor | None) -> Organisation:
    """Return a new organisation. Raises DomainError when the details break a rule."""
    details = _checked(details, None)
    created = Organisation(source=Source.STAFF, **_columns(details))
    db.session.add(created)
    db.session.flush()
    audit.record("organisation:create", created, actor=by, fields=_filled(details))
    return created


def update_organisation(
    thing: Organisation, details: OrganisationDetails, by: Actor | None, version: int | None = None
) -> set[str]:
    """Set the details and return the names of those that changed.

    Raises ConflictError when `version` is no longer the current one, DomainError when the
    details break a rule.
    """
    expect(thing, version)
    details = _checked(details, thing)
    values = _columns(details)
    changed = {name for name, value in values.items() if getattr(thing, name) != value}
    if not changed:
        return changed
    for name in changed:
        setattr(thing, name, values[name])
    thing.source = Source.STAFF
    audit.record("organisation:update", thing, actor=by, fields=changed)
    db.session.flush()
    return changed


def set_active(
    thing: Organisation, active: bool, by: Actor | None, version: int | None = None
) -> None:
    """Stop or resume an organisation. A stopped one is not offered any more; nothing is lost.

    Raises DomainError for Home-Start Vlaanderen itself, ConflictError when `version` is old.
    """
    expect(thing, version)
    if thing.kind == _HSV and not active:
        raise DomainError(N_("Home-Start Vlaanderen zelf kun je niet stopzetten."))
    if thing.active == active:
        return
    thing.active = active
    action = "organisation:reactivate" if active else "organisation:deactivate"
    audit.record(action, thing, actor=by, fields={"active"})
    db.session.flush()


def _checked(details: OrganisationDetails, existing: Organisation | None) -> OrganisationDetails:
    details = replace(details, kbo=parse_kbo(details.kbo) if details.kbo.strip() else "")
    if not details.name.strip():
        raise DomainError(N_("Vul de naam van de organisatie in."), field="name")
    if details.kind == OrganisationKind.OTHER and not details.other_kind.strip():
        raise DomainError(WHICH_KIND, field="other_kind")
    if existing and (existing.kind == _HSV) != (details.kind == _HSV):
        raise DomainError(N_("Deze soort is er voor Home-Start Vlaanderen alleen."), field="kind")
    if details.nis and db.session.get(Municipality, details.nis) is None:
        raise DomainError(UNKNOWN, field="municipality")
    _check_unused(details.kbo, existing)
    return details


def _check_unused(kbo: str, existing: Organisation | None) -> None:
    if not kbo:
        return
    query = select(Organisation).where(Organisation.kbo == kbo)
    if existing is not None:
        query = query.where(Organisation.id != existing.id)
    other = db.session.scalar(query)
    if other is None:
        return
    message = N_("%(name)s heeft dit ondernemingsnummer al (%(kbo)s).")
    if not other.active:
        message = N_("%(name)s heeft dit ondernemingsnummer al (%(kbo)s) en is stopgezet.")
    raise DomainError(message, field="kbo", name=other.name, kbo=show_kbo(kbo))


def _columns(details: OrganisationDetails) -> dict[str, object]:
    values: dict[str, object] = {
        f.name: getattr(details, f.name) for f in dataclass_fields(details)
    }
    values = {n: v.strip() if type(v) is str else v for n, v in values.items()}
    values["kbo"] = values["kbo"] or None
    values["nis"] = values["nis"] or None
    if details.kind != OrganisationKind.OTHER:
        values["other_kind"] = ""
    return values


def _filled(details: OrganisationDetails) -> set[str]:
    return {f.name for f in dataclass_fields(details) if getattr(details, f.name)}
