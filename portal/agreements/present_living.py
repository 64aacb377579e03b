"""An agreement in force as its parties read it: documents, people, instalments, what is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.agreements import deliveries, in_force, notices, renewal
from portal.agreements import instalments as owed_instalments
from portal.agreements.compute import Due
from portal.agreements.models import Agreement, Delivery, Meeting, RenewalRound, Status
from portal.agreements.present import Row
from portal.agreements.terms import Party, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import long_date
from portal.core.permissions import Actor, Permission

LATELY = 5
MONTH = 30


@dataclass(frozen=True)
class Instalment:
    """A part of a contribution. `cents`; on None: due on the condition."""

    partner: str
    label: str
    year: int
    on: date | None
    condition: str
    cents: int
    past: bool


def standing(agreement: Agreement) -> str:
    """Return in a sentence since when, until when, and what is left."""
    terms = in_force.terms(agreement)  # addenda leave the first day alone
    last_on = in_force.last_on(agreement)
    if terms.starts_on is None or last_on is None:
        return ""
    today = clock.today()
    values = {"first": long_date(terms.starts_on), "last": long_date(last_on)}
    if agreement.status != Status.ACTIVE:
        return _("Liep van %(first)s tot en met %(last)s.", **values)
    if today < terms.starts_on:
        return _("Begint op %(first)s en loopt tot en met %(last)s.", **values)
    days = (last_on - today).days + 1
    left = (
        ngettext("Nog %(num)d maand.", "Nog %(num)d maanden.", days // MONTH)
        if days >= 2 * MONTH
        else ngettext("Nog %(num)d dag.", "Nog %(num)d dagen.", max(days, 0))
    )
    return _("Loopt van %(first)s tot en met %(last)s.", **values) + " " + left


def instalments(agreement: Agreement, actor: Actor) -> list[Instalment]:
    """Return the instalments of one's own organisation; HSV's people read everybody's."""
    everybody = actor.can(Permission.AGREEMENT_READ_ALL)
    today = clock.today()
    owed = owed_instalments.of(in_force.layers(agreement))
    partners = owed[0].terms.partners if owed else ()
    return [
        Instalment(
            partners[due.partner].name,
            due.label,
            due.year,
            due.on,
            due.condition,
            due.cents,
            due.on is not None and due.on < today,
        )
        for due in sorted((one.due for one in owed), key=_when)
        if everybody or partners[due.partner].organisation_id == actor.organisation_id
    ]


def _when(due: Due) -> tuple[int, bool, date, int]:
    return due.year, due.on is None, due.on or date.max, due.partner


def next_instalment(rows: Sequence[Instalment]) -> Instalment | None:
    """Return the one that falls due next, on a day."""
    return next((row for row in rows if row.on is not None and not row.past), None)


def waiting_names(agreement: Agreement, asked: RenewalRound | None) -> list[str]:
    """Return who has yet to answer on renewal, by name."""
    if asked is None:
        return []
    partners, ours = renewal.unanswered(agreement, asked)
    hsv = [in_force.terms(agreement).hsv.name] if ours else []
    return [*hsv, *(one.organisation.name for one in partners)]


@dataclass(frozen=True)
class Contact:
    """A party and the people behind it, as summary rows."""

    name: str
    rows: list[Row]


def people(agreement: Agreement, terms: Terms) -> list[Contact]:
    """Return who is who on both sides: HSV first."""
    manager = notices.names_of([agreement.manager_id]).get(agreement.manager_id, "")
    own = [Row(_("Dossierbeheerder"), manager)] if manager else []
    return [
        Contact(party.name, [*(own if party is terms.hsv else []), *_party(party)])
        for party in terms.parties
    ]


def _party(party: Party) -> list[Row]:
    contact = [party.contact.name, party.contact.capacity, party.contact_email]
    signing = [f"{one.name} ({one.capacity})" for one in party.signatories if one.name]
    return [
        Row(_("Aanspreekpunt"), [part for part in contact if part]),
        Row(_("Tekende"), signing),
    ]


def latest_deliveries(agreement: Agreement) -> Sequence[Delivery]:
    """Return the last things HSV did for an agreement."""
    query = deliveries.of(agreement).order_by(Delivery.done_on.desc(), Delivery.id.desc())
    return db.session.scalars(query.limit(LATELY)).all()


def next_meeting(agreement: Agreement) -> Meeting | None:
    """Return the meeting of the steering group that comes next."""
    return db.session.scalar(
        select(Meeting)
        .where(
            Meeting.agreement_id == agreement.id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at > clock.now(),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
