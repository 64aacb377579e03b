"""The list of referrals: what each person may see, asked, sorted and paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, select

from portal.core.clock import BRUSSELS
from portal.core.crypto import Encrypted
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Municipality, Organisation
from portal.directory.municipalities import find_municipalities
from portal.referrals.models import OPEN, Family, Referral, Status
from portal.referrals.states import STATUS_LABELS, STATUS_TONES


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    reference: str
    initials: str
    status: str
    tone: str
    received: str
    municipality: str
    organisation: str
    since: str


def statement(actor: Actor) -> Select[Any]:
    """Return the referrals this person may see, with the few columns a list prints."""
    return (
        select(
            Referral.reference,
            Referral.status,
            Referral.received_at,
            Referral.changed_at,
            Municipality.name.label("municipality"),
            Organisation.name.label("organisation"),
            Referral.referrer_kind,
            Family.id.label("family_id"),
            Family.identity_encrypted,  # type: ignore[attr-defined]
        )
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .outerjoin(Family, Family.referral_id == Referral.id)
        .where(Referral.visible_to(actor))
    )


def lines(rows: Sequence[Row[Any]], labels: dict[Status, str]) -> list[Line]:
    """Return the rows as they are printed; `labels` are the translated statuses."""
    return [
        Line(
            row.reference,
            initials(row),
            labels[row.status],
            STATUS_TONES.get(row.status, "neutral"),
            short_date(row.received_at),
            row.municipality,
            row.organisation,
            short_date(row.changed_at),
        )
        for row in rows
    ]


def initials(row: Row[Any]) -> str:
    """Return the initials of the contact parent: enough to recognise, too little to know."""
    if row.identity_encrypted is None:
        return ""
    identity = Encrypted.opened(Family, "identity", row.family_id, row.identity_encrypted)
    return f"{identity['first_name'][:1]}.{identity['last_name'][:1]}."


def _of_status(answer: str) -> ColumnElement[bool]:
    if answer == "open":
        return Referral.status.in_(OPEN)
    return Referral.status == Status(answer)


def _in_municipality(answer: str) -> ColumnElement[bool]:
    found = [one.place.nis for one in find_municipalities(answer, limit=None)]
    return Referral.municipality_nis.in_(found)


def _in_month(answer: str) -> ColumnElement[bool] | None:
    try:
        first = date.fromisoformat(f"{answer}-01")
    except ValueError:
        return None
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    moments = [_midnight(day) for day in (first, following)]
    return (Referral.received_at >= moments[0]) & (Referral.received_at < moments[1])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BRUSSELS)


def _status_choices() -> list[tuple[str, str]]:
    return [
        ("open", gettext("Alle lopende")),
        *((str(s), gettext(label)) for s, label in STATUS_LABELS.items()),
    ]


def _kind_choices() -> list[tuple[str, str]]:
    return [(str(k), gettext(k.label)) for k in OrganisationKind if k.refers_families]


_STATUS = Filter("status", N_("Status"), _of_status, _status_choices)
_MUNICIPALITY = Filter("gemeente", N_("Gemeente of postcode"), _in_municipality)
_MONTH = Filter("maand", N_("Ontvangen in"), _in_month, kind="month")

COLUMNS: tuple[Column[Row[Any]], ...] = (
    Column("referentie", N_("Referentie"), lambda r: r.reference),
    Column("initialen", N_("Gezin"), initials, exported=False),
    Column("status", N_("Status"), lambda r: STATUS_LABELS[r.status]),
    Column("ontvangen", N_("Ontvangen"), lambda r: r.received_at, sort=Referral.received_at),
    Column("gemeente", N_("Gemeente"), lambda r: r.municipality, sort=Municipality.name),
    Column("verwijzer", N_("Verwijzer"), lambda r: r.organisation, sort=Organisation.name),
    Column("gewijzigd", N_("Laatste stap"), lambda r: r.changed_at, sort=Referral.changed_at),
)


def listing_for(actor: Actor) -> Listing[Row[Any]]:
    """Return the list as this person asks it: by kind of referrer, or only her own."""
    if actor.can(Permission.REFERRAL_HANDLE):
        last = Filter("soort", N_("Soort verwijzer"), _of_kind, _kind_choices)
    else:
        last = Filter("mijn", N_("Alleen de mijne"), lambda _: _written_by(actor), kind="check")
    filters = (_STATUS, _MUNICIPALITY, _MONTH, last)
    return Listing(COLUMNS, row_id=Referral.id, first_sort="-ontvangen", filters=filters)


def _of_kind(answer: str) -> ColumnElement[bool]:
    return Referral.referrer_kind == answer


def _written_by(actor: Actor) -> ColumnElement[bool]:
    return Referral.account_id == actor.account_id
