"""An agreement as people read it: whose turn it is, what is expected, who stands where.

A partner reads versions and what all parties may know; HSV's draft and notes are not here for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.agreements import decisions, in_force, negotiation, notices
from portal.agreements.contract_words import decimal, listed
from portal.agreements.models import Agreement, AgreementEvent, AgreementVersion, Side, Status
from portal.agreements.models.agreement import NEGOTIABLE
from portal.agreements.signatories import Signatory
from portal.agreements.states import PAST, STATUS_LABELS, STATUS_TONES
from portal.agreements.terms import Party, Terms
from portal.core import clock
from portal.core.i18n import long_date
from portal.core.permissions import Actor, Permission
from portal.directory.kbo import show_kbo

_COLLAPSED = frozenset({"edit"})


@dataclass(frozen=True)
class Expectation:
    """Whose turn it is and what is expected. `yours`: of the person who reads it."""

    who: str
    what: str
    yours: bool


@dataclass(frozen=True)
class Standing:
    """Where one partner stands: agreed or not, decided or not, who signs."""

    party: Party
    accepted: str
    decision: str
    awaits_decision: bool
    signing: Sequence[Signatory]
    own: bool


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    label: str
    who: str
    note: str
    tone: str


def badge(agreement: Agreement) -> tuple[str, str]:
    """Return the status in words and its tone."""
    label = _(STATUS_LABELS[agreement.status])
    return label, STATUS_TONES.get(agreement.status, "neutral")


def shown_terms(agreement: Agreement, actor: Actor) -> Terms:
    """Return the terms this person reads: as agreed, as last proposed, or HSV's draft."""
    if agreement.agreed_number is not None:
        return in_force.terms(agreement)
    if not actor.can(Permission.AGREEMENT_READ_ALL) or agreement.status != Status.DRAFT:
        latest = agreement.latest
        if latest is not None:
            return latest.terms
    return agreement.terms


def expectation(agreement: Agreement, actor: Actor) -> Expectation:
    """Return whose turn it is and what that one is to do."""
    ours = actor.can(Permission.AGREEMENT_MANAGE)
    hsv = _("Home-Start Vlaanderen")
    if agreement.status == Status.DRAFT:
        what = _("Werk het ontwerp af en leg het voor aan de partners.")
        return Expectation(hsv, what, ours)
    if agreement.status in NEGOTIABLE:
        return _negotiating(agreement, actor, hsv, ours)
    if agreement.status == Status.AGREED:
        awaited = decisions.awaited(agreement)
        names = listed(party.name for party in awaited)
        own = any(p.organisation_id == actor.organisation_id for p in awaited)
        what = _("Laat het bevoegde orgaan beslissen en registreer de beslissing hier.")
        return Expectation(names, what, own and actor.can(Permission.AGREEMENT_NEGOTIATE))
    what = {
        Status.APPROVED: _("Alle beslissingen zijn er. De tekst is klaar om te ondertekenen."),
        Status.OUT_FOR_SIGNATURE: _("De overeenkomst ligt bij wie moet ondertekenen."),
        Status.SIGNED: _("Iedereen ondertekende. De overeenkomst begint op haar startdatum."),
        Status.DECLINED: _("Een partner zag af van de samenwerking."),
        Status.WITHDRAWN: _("Home-Start Vlaanderen trok het voorstel in."),
    }.get(agreement.status, "")
    return Expectation("", what, False)


def _negotiating(agreement: Agreement, actor: Actor, hsv: str, ours: bool) -> Expectation:
    latest = agreement.latest
    assert latest is not None
    if agreement.turn == "hsv":
        if latest.side == Side.PARTNER:
            what = _("Bekijk het tegenvoorstel: neem het over, of leg een volgende versie voor.")
        else:
            what = _("Beantwoord de opmerkingen en leg een volgende versie voor.")
        return Expectation(hsv, what, ours)
    waiting = [p.organisation for p in negotiation.outstanding(agreement)]
    own = any(o.id == actor.organisation_id for o in waiting)
    what = _(
        "Lees versie %(number)s. Geef je akkoord, maak opmerkingen of doe een tegenvoorstel.",
        number=latest.number,
    )
    yours = own and actor.can(Permission.AGREEMENT_NEGOTIATE)
    return Expectation(listed(o.name for o in waiting), what, yours)


def standings(agreement: Agreement, terms: Terms, actor: Actor) -> list[Standing]:
    """Return where each partner stands."""
    rows = {row.organisation_id: row for row in agreement.parties}
    decided = decisions.current(agreement) if agreement.agreed_number else {}
    latest = agreement.latest.number if agreement.latest else None
    found = []
    for party in terms.partners:
        row = rows.get(party.organisation_id or 0)
        accepted = bool(row and latest is not None and row.accepted_number == latest)
        decision = decided.get(party.organisation_id or 0)
        found.append(
            Standing(
                party=party,
                accepted=long_date(row.accepted_at) if row and accepted else "",
                decision=_(
                    "%(body)s, %(day)s",
                    body=_(decision.body.label).capitalize(),
                    day=long_date(decision.decided_on),
                )
                if decision
                else "",
                awaits_decision=bool(agreement.agreed_number) and party.is_public and not decision,
                signing=decisions.signing(agreement, party),
                own=party.organisation_id == actor.organisation_id,
            )
        )
    return found


def proposer(version: AgreementVersion, names: dict[int, str]) -> str:
    """Return who proposed a version: HSV, or the partner."""
    if version.side == Side.HSV or version.organisation_id is None:
        return _("Home-Start Vlaanderen")
    return names.get(version.organisation_id, _("Een partner"))


def organisation_names(agreement: Agreement) -> dict[int, str]:
    """Return the names of the partners by organisation."""
    return {row.organisation_id: row.organisation.name for row in agreement.parties}


def timeline(agreement: Agreement, actor: Actor) -> list[Line]:
    """Return what happened, the latest first; HSV's inner steps for HSV only.

    A row of saved drafts is one line: nobody needs every one of them.
    """
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    events = [e for e in agreement.events if inside or not e.internal]
    names = notices.names_of(e.account_id for e in events)
    places = organisation_names(agreement)
    found: list[Line] = []
    before: AgreementEvent | None = None
    for event in reversed(events):
        if before is not None and event.action == before.action and event.action in _COLLAPSED:
            continue
        before = event
        found.append(
            Line(
                at=event.at,
                label=_label(event),
                who=_who(event, names, places),
                note=_note(event),
                tone=STATUS_TONES.get(Status(event.after), "neutral")
                if event.before != event.after
                else "",
            )
        )
    return found


def _label(event: AgreementEvent) -> str:
    label = _(PAST[event.action])
    if event.number is None:
        return label
    return _("%(what)s: versie %(number)s", what=label, number=event.number)


def _who(event: AgreementEvent, names: dict[int | None, str], places: dict[int, str]) -> str:
    place = places.get(event.organisation_id or 0, "")
    return ", ".join(part for part in (names.get(event.account_id, ""), place) if part)


def _note(event: AgreementEvent) -> str:
    about = event.on is not None and event.on != clock.local(event.at).date()
    day = long_date(event.on) if about else ""
    return "\n".join(part for part in (day, event.note) if part)


@dataclass(frozen=True)
class Row:
    """One line of a summary."""

    label: str
    value: str | list[str] | None


def party_rows(party: Party) -> list[Row]:
    """Return a party as a summary."""
    people = [", ".join(p for p in (s.name or "…", s.capacity) if p) for s in party.signatories]
    contact = [party.contact.name, party.contact.capacity, party.contact_email]
    body = _(party.deciding_body.label).capitalize() if party.deciding_body else None
    return [
        Row(_("Zetel"), party.address),
        Row(_("Ondernemingsnummer"), show_kbo(party.kbo) if len(party.kbo) == 10 else party.kbo),
        *([Row(_("Beslist"), body)] if party.is_public else []),
        Row(_("Tekent"), people),
        Row(_("Aanspreekpunt"), [part for part in contact if part]),
    ]


def facts(terms: Terms) -> list[Row]:
    """Return the agreement in a few lines."""
    work = terms.coordination
    targets = [
        _("Werkjaar %(n)s: %(families)s gezinnen, %(volunteers)s vrijwilligers", n=n, **vars(t))
        for n, t in enumerate(terms.targets, 1)
    ]
    return [
        Row(_("Pakket"), _(terms.formula.label)),
        Row(_("Werkingsgebied"), listed(place.name for place in terms.area)),
        Row(_("Looptijd"), _period(terms)),
        Row(_("Coördinatie"), _("%(fte)s VTE", fte=decimal(work.fte_percent)))
        if work.fte_percent
        else Row(_("Coördinatie"), None),
        Row(_("Gezinnen tegelijk"), str(terms.families) if terms.families else None),
        Row(_("Streefdoelen"), targets),
        Row(_("Verlenging"), _(terms.renewal.label)),
        Row(_("Opzegtermijn"), ngettext("%(num)s maand", "%(num)s maanden", terms.notice_months)),
    ]


def _period(terms: Terms) -> str:
    if terms.starts_on is None or terms.ends_on is None:
        return ""
    return _(
        "%(first)s tot en met %(last)s",
        first=long_date(terms.starts_on),
        last=long_date(terms.ends_on),
    )
