"""The states of an enquiry. Audiences: `asker` (by e-mail alone) and `hsv` (who answers)."""

from portal.agreements import enquiry_notices, notices
from portal.agreements.models import Enquiry, EnquiryEvent
from portal.agreements.models import EnquiryStatus as Status
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow

_HANDLE = Permission.ENQUIRY_MANAGE
_OPEN = (Status.RECEIVED, Status.ANSWERED)

TRANSITIONS = (
    Transition(
        "confirm", (Status.UNCONFIRMED,), Status.RECEIVED, _HANDLE,
        N_("E-mailadres bevestigen"), N_("Aanvraag ontvangen"), tells=("asker", "hsv"),
    ),
    Transition(
        "answer", _OPEN, Status.ANSWERED, _HANDLE,
        N_("Antwoorden"), N_("Beantwoord"), tells=("asker",), tone="primary",
    ),
    Transition(
        "open_draft", _OPEN, Status.OPENED, _HANDLE,
        N_("Ontwerp van overeenkomst openen"), N_("Ontwerp van overeenkomst geopend"),
        tells=("asker",),
    ),
    Transition(
        "decline", _OPEN, Status.DECLINED, _HANDLE,
        N_("Niet verder mee gaan"), N_("Niet verder mee gegaan"), tells=("asker",), tone="danger",
    ),
)  # fmt: skip

STATUS_LABELS = {
    Status.UNCONFIRMED: N_("E-mailadres niet bevestigd"),
    Status.RECEIVED: N_("Te beantwoorden"),
    Status.ANSWERED: N_("Beantwoord"),
    Status.OPENED: N_("Ontwerp geopend"),
    Status.DECLINED: N_("Niet verder mee gegaan"),
}
STATUS_TONES = {
    Status.RECEIVED: "warning",
    Status.ANSWERED: "info",
    Status.OPENED: "success",
}
PAST = {t.action: t.past for t in TRANSITIONS}


def _write_event(fired: Fired[Enquiry]) -> None:
    enquiry = fired.thing
    enquiry.changed_at = clock.now()
    db.session.add(
        EnquiryEvent(
            enquiry_id=enquiry.id,
            version=enquiry.version + 1,
            action=fired.transition.action,
            at=enquiry.changed_at,
            account_id=fired.by.account_id if fired.by else None,
            note=fired.details.get("note", ""),
        )
    )


def changes_since(enquiry: Enquiry, version: int) -> list[Change]:
    """Return what happened after the version a person looked at, oldest first."""
    late = [e for e in enquiry.events if e.version > version][-8:]
    names = notices.names_of(e.account_id for e in late)
    return [Change(PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


workflow = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=enquiry_notices.tell,
    changes_since=changes_since,
)
