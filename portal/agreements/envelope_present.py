"""An envelope as people read it."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.agreements import envelope_turns, envelopes
from portal.agreements.envelope_states import PAST, STATUS_LABELS, STATUS_TONES
from portal.agreements.models import (
    Agreement,
    Envelope,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
    Way,
)
from portal.agreements.notices import names_of
from portal.agreements.present import Line
from portal.core.i18n import N_

WAYS = {
    Way.PORTAL: N_("in het portaal"),
    Way.OWN_CERTIFICATE: N_("met eigen certificaat"),
    Way.REMOTE: N_("via een ondertekendienst"),
    Way.WET_INK: N_("op papier"),
}
_STATES = {
    SignatoryStatus.SIGNED: (N_("Ondertekend"), "success"),
    SignatoryStatus.DECLINED: (N_("Ondertekent niet"), "danger"),
    SignatoryStatus.FORWARDED: (N_("Doorgegeven aan een gemachtigde"), "neutral"),
    SignatoryStatus.SPARED: (N_("Niet meer nodig"), "neutral"),
}


@dataclass(frozen=True)
class PersonLine:
    """Somebody who signs, as a line of a list."""

    id: int
    name: str
    capacity: str
    party: str
    email: str
    instead_of: str
    label: str
    tone: str
    way: str
    at: datetime | None
    reason: str
    turn: bool
    scan: bool
    shared: bool  # somebody else may sign in the same place


@dataclass(frozen=True)
class EnvelopeLine:
    """An envelope as a line of its agreement."""

    number: int
    title: str
    label: str
    tone: str
    progress: str


def lines(agreement: Agreement) -> list[EnvelopeLine]:
    """Return the signings of an agreement, the latest first."""
    return [line_of(one) for one in envelopes.of_agreement(agreement)]


def line_of(envelope: Envelope) -> EnvelopeLine:
    """Return an envelope as a line of its agreement."""
    label, tone = badge(envelope)
    fields = {one.field for one in envelope.signatories}
    missing = envelope.missing_fields
    progress = _(
        "%(done)s van %(all)s handtekeningen", done=len(fields) - len(missing), all=len(fields)
    )
    return EnvelopeLine(envelope.number, envelope.title, label, tone, progress)


def badge(envelope: Envelope) -> tuple[str, str]:
    """Return the status in words and its tone."""
    return _(STATUS_LABELS[envelope.status]), STATUS_TONES.get(envelope.status, "neutral")


def ways() -> dict[Way, str]:
    """Return how one can sign, in words."""
    return {way: _(label) for way, label in WAYS.items()}


def own_badge(one: EnvelopeSignatory) -> tuple[str, str]:
    """Return where things stand for one who signs, said to them."""
    if envelope_turns.has_turn(one):
        return _("Te ondertekenen"), "warning"
    line = _line(one, set())
    return line.label, line.tone


def still_to_sign(envelope: Envelope) -> list[str]:
    """Return the names of who has not answered yet."""
    if envelope.status != EnvelopeStatus.OUT:
        return []
    return [one.name for one in envelope.signatories if one.status == SignatoryStatus.PENDING]


def people(envelope: Envelope) -> list[PersonLine]:
    """Return who signs, in the order of the steps."""
    fields = [one.field for one in envelope.signatories if one.status != SignatoryStatus.FORWARDED]
    shared = {field for field in fields if fields.count(field) > 1}
    ordered = sorted(envelope.signatories, key=lambda one: (one.step, one.position))
    return [_line(one, shared) for one in ordered]


def _line(one: EnvelopeSignatory, shared: set[str]) -> PersonLine:
    turn = envelope_turns.has_turn(one)
    if one.status == SignatoryStatus.PENDING:
        open_ = one.envelope.status in ("out", "prepared")
        label = _("Gevraagd") if turn else _("Later aan de beurt") if open_ else _("Niet getekend")
        tone = "warning" if turn else "neutral"
    else:
        label, tone = _(_STATES[one.status][0]), _STATES[one.status][1]
    return PersonLine(
        id=one.id,
        name=one.name,
        capacity=one.capacity,
        party=one.party,
        email=one.email,
        instead_of=one.instead_of,
        label=label,
        tone=tone,
        way=_(WAYS[one.way]) if one.way else "",
        at=one.answered_at,
        reason=one.reason,
        turn=turn,
        scan=one.scan_id is not None,
        shared=one.field in shared,
    )


def timeline(envelope: Envelope) -> list[Line]:
    """Return what happened, the latest first."""
    names = names_of(e.account_id for e in envelope.events)
    signers = {one.id: one.name for one in envelope.signatories}
    return [
        Line(
            at=event.at,
            label=_(PAST[event.action]),
            who=signers.get(event.signatory_id or 0) or names.get(event.account_id, ""),
            note=""
            if event.note == signers.get(event.signatory_id or 0)
            else _(event.note)
            if event.note
            else "",
            tone="",
        )
        for event in reversed(envelope.events)
    ]


def steps(envelope: Envelope) -> list[dict[str, object]]:
    """Return what HSV may do with it now, as buttons of the page."""
    if envelope.status not in ("prepared", "out"):
        return []
    here = {"reference": envelope.agreement.reference, "number": envelope.number}
    return [
        {
            "label": _("Herinneren"),
            "url": url_for("agreements.remind_signatories", **here),
            "method": "post",
            "fields": {"number": envelope.number},
        },
        {
            "label": _("Stopzetten"),
            "url": url_for("agreements.cancel_envelope", **here),
            "tone": "danger",
        },
    ]
