"""The list of referrals: what each person may see, asked, sorted and paged.

The branch sees where each referral stands. A referrer sees it as far as the family lets her hear,
in her filters too: the status she filters on is the status she is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, select

from portal.accounts.guest_models import Guest
from portal.accounts.models import Account
from portal.core.clock import BRUSSELS
from portal.core.crypto import Encrypted
from portal.core.i18n import N_, short_date, translated
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Municipality, Organisation
from portal.directory.municipalities import find_municipalities
from portal.referrals.choices import LIST_LABEL, SELF_LABEL
from portal.referrals.feedback import HEARD_LABELS, status_heard
from portal.referrals.messages import unread_for
from portal.referrals.models import OPEN, Channel, Family, Match, Referral, Status
from portal.referrals.states import STATUS_LABELS, STATUS_TONES
from portal.referrals.trajectory.evaluations import Evaluation
from portal.referrals.trajectory.guidance import Guidance
from portal.referrals.trajectory.half_days import HELD, HalfDay

# Which service and which person referred; neither, where a parent asked for herself.
_WITHOUT_SENDER = {Channel.SELF: SELF_LABEL, Channel.LIST: LIST_LABEL}
_SERVICE = func.coalesce(Organisation.name, Guest.organisation_name, "")
_PERSON = func.coalesce(Account.name, Guest.name, "")


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    reference: str
    initials: str
    status: str
    tone: str
    cells: tuple[str, ...]
    unread: int


def for_branch(actor: Actor) -> tuple[Select[Any], Listing[Row[Any]]]:
    """Return the referrals of a coordinator's branch, and how they are listed."""
    query = _visible(actor).add_columns(
        Referral.status.label("status"), _SERVICE.label("referrer"), Referral.changed_at
    )
    query = query.outerjoin(Organisation, Organisation.id == Referral.organisation_id)
    query = query.outerjoin(Guest, Guest.id == Referral.guest_id)
    columns: tuple[Column[Row[Any]], ...] = (
        *_SHARED,
        Column("verwijzer", N_("Verwijzer"), _referrer, sort=_SERVICE),
        Column("gewijzigd", N_("Laatste stap"), lambda r: r.changed_at, sort=Referral.changed_at),
    )
    status = Filter("status", N_("Status"), _with_status, lambda: _choices(STATUS_LABELS))
    kind = Filter("soort", N_("Soort verwijzer"), _of_kind, _kinds)
    return query, _listing(columns, (status, _MUNICIPALITY, _MONTH, kind))


def for_referrer(actor: Actor) -> tuple[Select[Any], Listing[Row[Any]]]:
    """Return the referrals of a referrer's organisation, as far as each may be heard of."""
    query = _visible(actor).add_columns(status_heard.label("status"), _PERSON.label("referrer"))
    query = query.outerjoin(Account, Account.id == Referral.account_id)
    query = query.outerjoin(Guest, Guest.id == Referral.guest_id)
    columns: tuple[Column[Row[Any]], ...] = (
        *_SHARED,
        Column("verwijzer", N_("Verwezen door"), _referrer, sort=_PERSON),
    )
    status = Filter("status", N_("Status"), _heard_as, lambda: _choices(HEARD_LABELS))
    mine = Filter("mijn", N_("Alleen de mijne"), lambda _: Referral.written_by(actor), kind="check")
    of_colleagues = () if actor.guest_id is not None else (mine,)
    return query, _listing(columns, (status, _MUNICIPALITY, _MONTH, *of_colleagues))


def for_actor(actor: Actor) -> tuple[Select[Any], Listing[Row[Any]]]:
    """Return what this person may list, and how."""
    return (for_branch if actor.can(Permission.REFERRAL_HANDLE) else for_referrer)(actor)


def with_counts(query: Select[Any]) -> tuple[Select[Any], list[Column[Row[Any]]]]:
    """Return the query of a branch with what its export counts of each trajectory, and the columns.

    Days and numbers only: nothing that tells what a family works on or how it scores itself.
    """
    held = (HalfDay.replaced_at.is_(None), HalfDay.what.in_(HELD))
    counted = query.add_columns(
        Referral.started_on,
        Referral.ended_on,
        _number(Match, Match.started_on.is_not(None)).label("matches"),
        _number(HalfDay, *held).label("half_days"),
        _number(Evaluation, Evaluation.replaced_at.is_(None)).label("evaluations"),
        _number(Guidance).label("guidance"),
    )
    return counted, [
        Column("gestart", N_("Traject gestart"), lambda r: r.started_on),
        Column("geeindigd", N_("Geëindigd"), lambda r: r.ended_on),
        Column("matches", N_("Matches"), lambda r: r.matches),
        Column("dagdelen", N_("Dagdelen"), lambda r: r.half_days),
        Column("evaluaties", N_("Evaluaties"), lambda r: r.evaluations),
        Column("toeleiding", N_("Toeleidingen"), lambda r: r.guidance),
    ]


def _number(table: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    of_one = select(func.count()).select_from(table).where(table.referral_id == Referral.id)
    return of_one.where(*conditions).correlate(Referral).scalar_subquery()


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows as they are printed."""
    labels = dict(zip(HEARD_LABELS, translated(HEARD_LABELS.values()), strict=True))
    return [
        Line(
            row.reference,
            initials(row),
            labels[row.status],
            STATUS_TONES.get(row.status, "neutral"),
            _cells(row),
            row.unread,
        )
        for row in rows
    ]


def initials(row: Row[Any]) -> str:
    """Return the initials of the contact parent: enough to recognise, too little to know."""
    if row.identity_encrypted is None:
        return ""
    identity = Encrypted.opened(Family, "identity", row.family_id, row.identity_encrypted)
    return f"{identity['first_name'][:1]}.{identity['last_name'][:1]}."


def _cells(row: Row[Any]) -> tuple[str, ...]:
    cells = (short_date(row.received_at), row.municipality, _referrer(row))
    return (*cells, short_date(row.changed_at)) if "changed_at" in row._fields else cells


def _referrer(row: Row[Any]) -> str:
    return row.referrer or translated((_WITHOUT_SENDER[row.channel],))[0]


def _visible(actor: Actor) -> Select[Any]:
    """Return what this person may see, with the few columns every list prints."""
    return (
        select(
            Referral.reference,
            Referral.received_at,
            Referral.channel,
            Municipality.name.label("municipality"),
            Family.id.label("family_id"),
            Family.identity_encrypted,  # type: ignore[attr-defined]
            unread_for(actor).label("unread"),
        )
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .outerjoin(Family, and_(Family.referral_id == Referral.id, *_seen_by(actor)))
        .where(Referral.visible_to(actor))
    )


def _seen_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return what must be true of a family for its initials: a referrer's is still shared."""
    return () if actor.can(Permission.REFERRAL_HANDLE) else (Referral.shared.is_(True),)


def _listing(columns: Sequence[Column[Row[Any]]], filters: Sequence[Filter]) -> Listing[Row[Any]]:
    return Listing(columns, row_id=Referral.id, first_sort="-ontvangen", filters=filters)


def _with_status(answer: str) -> ColumnElement[bool]:
    return Referral.status.in_(OPEN) if answer == "open" else Referral.status == Status(answer)


def _heard_as(answer: str) -> ColumnElement[bool]:
    if answer == "open":
        return status_heard.in_([status.value for status in OPEN])
    return status_heard == answer


def _in_municipality(answer: str) -> ColumnElement[bool]:
    found = [one.place.nis for one in find_municipalities(answer, limit=None)]
    return Referral.municipality_nis.in_(found)


def _in_month(answer: str) -> ColumnElement[bool] | None:
    try:
        first = date.fromisoformat(f"{answer}-01")
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    except ValueError:
        return None
    begin, end = (datetime.combine(day, time(), BRUSSELS) for day in (first, after))
    return (Referral.received_at >= begin) & (Referral.received_at < end)


def _of_kind(answer: str) -> ColumnElement[bool]:
    return Referral.referrer_kind == answer


def _choices(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    shown = translated((N_("Alle lopende"), *labels.values()))
    return list(zip(("open", *map(str, labels)), shown, strict=True))


def _kinds() -> list[tuple[str, str]]:
    kinds = [kind for kind in OrganisationKind if kind.refers_families]
    labels = translated((*(k.label for k in kinds), SELF_LABEL))
    return list(zip((*map(str, kinds), str(Channel.SELF)), labels, strict=True))


_MUNICIPALITY = Filter("gemeente", N_("Gemeente of postcode"), _in_municipality)
_MONTH = Filter("maand", N_("Ontvangen in"), _in_month, kind="month")
_SHARED: tuple[Column[Row[Any]], ...] = (
    Column("referentie", N_("Referentie"), lambda r: r.reference),
    Column("initialen", N_("Gezin"), initials, exported=False),
    Column("status", N_("Status"), lambda r: gettext(HEARD_LABELS[r.status])),
    Column("ontvangen", N_("Ontvangen"), lambda r: r.received_at, sort=Referral.received_at),
    Column("gemeente", N_("Gemeente"), lambda r: r.municipality, sort=Municipality.name),
)
