"""The states of an addendum: who may do what, what it is called, and who hears of it.

Audiences are those of the agreement: `hsv` and `partners`. Signing itself is an envelope's.
"""

from portal.agreements import addendum_notices, notices
from portal.agreements.models import Addendum, AddendumEvent
from portal.agreements.models import AddendumStatus as Status
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow

_MANAGE = Permission.AGREEMENT_MANAGE
_NEGOTIATE = Permission.AGREEMENT_NEGOTIATE
_WRITING = (Status.DRAFT, Status.PROPOSED)
_DECIDING = (Status.AGREED, Status.APPROVED)
_UNSIGNED = (*_WRITING, *_DECIDING)
_ALL = ("hsv", "partners")


def _was_proposed(addendum: Addendum) -> bool:
    return addendum.number is not None


def _was_not(addendum: Addendum) -> bool:
    return addendum.number is None


TRANSITIONS = (
    Transition(
        "open", (Status.DRAFT,), None, _MANAGE,
        N_("Overeenkomst wijzigen"), N_("Ontwerp van addendum geopend"),
    ),
    Transition(
        "edit", _WRITING, None, _MANAGE,
        N_("Ontwerp aanpassen"), N_("Ontwerp aangepast"),
    ),
    Transition(
        "propose", _WRITING, Status.PROPOSED, _MANAGE,
        N_("Addendum voorleggen"), N_("Voorgelegd"), tells=("partners",), tone="primary",
    ),
    Transition(
        "comment", (Status.PROPOSED,), None, _NEGOTIATE,
        N_("Opmerking maken"), N_("Opmerking gemaakt"), tells=("hsv",),
    ),
    Transition(
        "reply", (Status.PROPOSED,), None, _MANAGE,
        N_("Antwoorden"), N_("Geantwoord"), tells=("partners",),
    ),
    Transition(
        "accept", (Status.PROPOSED,), None, _NEGOTIATE,
        N_("Akkoord geven"), N_("Akkoord gegeven"), tells=("hsv",), tone="primary",
    ),
    Transition(
        "agree", (Status.PROPOSED,), Status.AGREED, _NEGOTIATE,
        N_("Akkoord vaststellen"), N_("Alle partijen akkoord"), tells=_ALL,
    ),
    Transition(
        "record_decision", _DECIDING, None, _NEGOTIATE,
        N_("Beslissing registreren"), N_("Beslissing geregistreerd"), tells=("hsv",),
        tone="primary",
    ),
    Transition(
        "record_decision_for", _DECIDING, None, _MANAGE,
        N_("Beslissing van een partner registreren"),
        N_("Beslissing geregistreerd door Home-Start Vlaanderen"), tells=("partners",),
    ),
    Transition(
        "approve", (Status.AGREED,), Status.APPROVED, _NEGOTIATE,
        N_("Goedkeuring vaststellen"), N_("Goedgekeurd door alle partijen"), tells=_ALL,
    ),
    Transition(
        "reopen", _DECIDING, Status.DRAFT, _MANAGE,
        N_("Opnieuw opmaken"), N_("Opnieuw in opmaak"), tells=("partners",),
    ),
    Transition(
        "send_for_signature", (Status.APPROVED,), Status.OUT_FOR_SIGNATURE, _MANAGE,
        N_("Ter ondertekening sturen"), N_("Ter ondertekening gestuurd"), tells=("partners",),
        tone="primary",
    ),
    Transition(
        "stop_signing", (Status.OUT_FOR_SIGNATURE,), Status.APPROVED, _MANAGE,
        N_("Ondertekening stopzetten"), N_("Ondertekening gestopt"), tells=("partners",),
    ),
    Transition(
        "conclude", (Status.OUT_FOR_SIGNATURE,), Status.CONCLUDED, _MANAGE,
        N_("Sluiten"), N_("Door iedereen ondertekend"), tells=_ALL,
    ),
    Transition(
        "decline", (Status.PROPOSED, *_DECIDING), Status.DECLINED, _NEGOTIATE,
        N_("Niet akkoord gaan"), N_("Een partner gaat niet akkoord"), tells=_ALL, tone="danger",
    ),
    Transition(
        "withdraw", _UNSIGNED, Status.WITHDRAWN, _MANAGE,
        N_("Addendum intrekken"), N_("Ingetrokken"), tells=("partners",), tone="danger",
        when=_was_proposed,
    ),
    Transition(
        "discard", (Status.DRAFT,), Status.WITHDRAWN, _MANAGE,
        N_("Ontwerp weggooien"), N_("Ontwerp weggegooid"), tone="danger", when=_was_not,
    ),
    Transition(
        "expire", _UNSIGNED, Status.EXPIRED, _MANAGE,
        N_("Laten vervallen"), N_("Vervallen: de overeenkomst is afgelopen"), tells=_ALL,
        when=_was_proposed,
    ),
)  # fmt: skip

STATUS_LABELS = {
    Status.DRAFT: N_("In opmaak"),
    Status.PROPOSED: N_("Ligt voor"),
    Status.AGREED: N_("Akkoord, wacht op beslissingen"),
    Status.APPROVED: N_("Goedgekeurd"),
    Status.OUT_FOR_SIGNATURE: N_("Ter ondertekening"),
    Status.CONCLUDED: N_("Van kracht"),
    Status.DECLINED: N_("Niet aanvaard"),
    Status.WITHDRAWN: N_("Ingetrokken"),
    Status.EXPIRED: N_("Vervallen"),
}
STATUS_TONES = {
    Status.PROPOSED: "info",
    Status.AGREED: "info",
    Status.APPROVED: "success",
    Status.OUT_FOR_SIGNATURE: "info",
    Status.CONCLUDED: "success",
}
PAST = {t.action: t.past for t in TRANSITIONS}
INTERNAL = frozenset({"open", "edit", "discard"})  # not in the partners' timeline


def _write_event(fired: Fired[Addendum]) -> None:
    addendum, details, by = fired.thing, fired.details, fired.by
    if addendum.status != Status.CONCLUDED:
        addendum.changed_at = clock.now()
    partner = by is not None and not by.can(_MANAGE)
    db.session.add(
        AddendumEvent(
            addendum_id=addendum.id,
            version=addendum.version + 1 if addendum.version else 1,
            action=fired.transition.action,
            before=fired.before,
            after=str(addendum.status),
            at=clock.now(),
            account_id=by.account_id if by else None,
            organisation_id=by.organisation_id if by and partner else None,
            on=details.get("on"),
            note=details.get("note", ""),
            internal=fired.transition.action in INTERNAL,
        )
    )


def changes_since(addendum: Addendum, version: int) -> list[Change]:
    """Return what happened after the version a person looked at, oldest first."""
    late = [e for e in addendum.events if e.version > version][-8:]
    names = notices.names_of(e.account_id for e in late)
    return [Change(PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


workflow = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=addendum_notices.tell,
    changes_since=changes_since,
)
