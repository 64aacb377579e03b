"""The states of an envelope: who may do what with it, and who hears of it.

Audiences: `hsv` (the agreement's manager, else all of them), `signed` (who signed already) and
`waiting` (who was asked and has not answered). Steps fired by nobody are the portal's own.
"""

from portal.agreements import envelope_notices
from portal.agreements.models import Envelope, EnvelopeEvent, EnvelopeStatus
from portal.agreements.notices import names_of
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow

_MANAGE, _SIGN = Permission.AGREEMENT_MANAGE, Permission.AGREEMENT_SIGN
_PREPARED, _OUT = EnvelopeStatus.PREPARED, EnvelopeStatus.OUT

TRANSITIONS = (
    Transition(
        "prepare", (_PREPARED,), None, _MANAGE,
        N_("Klaarmaken"), N_("Document verzegeld en klaargemaakt"),
    ),
    Transition(
        "send", (_PREPARED,), _OUT, _MANAGE,
        N_("Ter ondertekening sturen"), N_("Ter ondertekening gestuurd"), tone="primary",
    ),
    Transition("invite", (_OUT,), None, _MANAGE, N_("Uitnodigen"), N_("Uitgenodigd")),
    Transition(
        "ask_code", (_OUT,), None, _SIGN,
        N_("Code vragen"), N_("Opnieuw aangemeld; code gestuurd"),
    ),
    Transition("fail_code", (_OUT,), None, _SIGN, N_("Code"), N_("Foute code ingevuld")),
    Transition(
        "refuse_file", (_OUT,), None, _SIGN,
        N_("Bestand"), N_("Ondertekend bestand niet aanvaard"),
    ),
    Transition(
        "sign", (_OUT,), None, _SIGN,
        N_("Ondertekenen"), N_("Ondertekend"), tells=("hsv",), tone="primary",
    ),
    Transition(
        "record_wet_ink", (_OUT,), None, _MANAGE,
        N_("Handtekening op papier registreren"), N_("Op papier ondertekend; scan bewaard"),
    ),
    Transition(
        "forward", (_OUT,), None, _SIGN,
        N_("Laten tekenen door een gemachtigde"), N_("Doorgegeven aan een gemachtigde"),
        tells=("hsv",),
    ),
    Transition(
        "remind", (_OUT,), None, _MANAGE, N_("Herinneren"), N_("Herinnerd"),
    ),
    Transition(
        "decline", (_OUT,), EnvelopeStatus.DECLINED, _SIGN,
        N_("Niet ondertekenen"), N_("Niet ondertekend"), tells=("hsv", "signed", "waiting"),
        tone="danger",
    ),
    Transition(
        "cancel", (_PREPARED, _OUT), EnvelopeStatus.CANCELLED, _MANAGE,
        N_("Ondertekening stopzetten"), N_("Ondertekening stopgezet"),
        tells=("signed", "waiting"), tone="danger",
    ),
    Transition(
        "expire", (_OUT,), EnvelopeStatus.EXPIRED, _MANAGE,
        N_("Vervallen"), N_("Vervallen: niet iedereen tekende op tijd"),
        tells=("hsv", "signed", "waiting"),
    ),
    Transition(
        "complete", (_OUT,), EnvelopeStatus.COMPLETE, _MANAGE,
        N_("Afronden"), N_("Door iedereen ondertekend"),
    ),
    Transition(
        "certify", (EnvelopeStatus.COMPLETE,), None, _MANAGE,
        N_("Bewijsstuk maken"), N_("Bewijsstuk opgemaakt"),
    ),
)  # fmt: skip

STATUS_LABELS = {
    EnvelopeStatus.PREPARED: N_("Klaargemaakt"),
    EnvelopeStatus.OUT: N_("Ter ondertekening"),
    EnvelopeStatus.COMPLETE: N_("Door iedereen ondertekend"),
    EnvelopeStatus.DECLINED: N_("Niet ondertekend"),
    EnvelopeStatus.EXPIRED: N_("Vervallen"),
    EnvelopeStatus.CANCELLED: N_("Stopgezet"),
}
STATUS_TONES = {
    EnvelopeStatus.OUT: "info",
    EnvelopeStatus.COMPLETE: "success",
    EnvelopeStatus.DECLINED: "danger",
    EnvelopeStatus.EXPIRED: "warning",
}
PAST = {t.action: t.past for t in TRANSITIONS}


def _write_event(fired: Fired[Envelope]) -> None:
    envelope, details = fired.thing, fired.details
    signatory = details.get("signatory")
    db.session.add(
        EnvelopeEvent(
            envelope_id=envelope.id,
            version=envelope.version + 1 if envelope.version else 1,
            action=fired.transition.action,
            at=clock.now(),
            account_id=fired.by.account_id if fired.by else None,
            signatory_id=signatory.id if signatory else None,
            address=details.get("address", ""),
            note=details.get("note", ""),
        )
    )


def changes_since(envelope: Envelope, version: int) -> list[Change]:
    """Return what happened after the version a person looked at, oldest first."""
    db.session.refresh(envelope, ["events"])
    late = [e for e in envelope.events if e.version > version][-8:]
    names = names_of(e.account_id for e in late)
    return [Change(PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


workflow = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=envelope_notices.tell,
    changes_since=changes_since,
)
