"""The states of an agreement: who may do what, what it is called, and who hears of it.

Audiences: `hsv` (the agreement's manager, else all of them) and `partners` (the people of every
party who negotiate, but not who did it). Signing itself is an envelope's (`envelope_states`), and
what comes after that is in `living_states`.
"""

from portal.agreements import living_states, notices
from portal.agreements.models import Agreement, AgreementEvent, Side, Status
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow

_MANAGE = Permission.AGREEMENT_MANAGE
_NEGOTIATE = Permission.AGREEMENT_NEGOTIATE
_DECIDING = (Status.AGREED, Status.APPROVED)


def _all_accepted(agreement: Agreement) -> bool:
    latest = agreement.latest
    return latest is not None and all(p.accepted_number == latest.number for p in agreement.parties)


def _partners_version(agreement: Agreement) -> bool:
    """Say whether the newest version is a partner's, which HSV may take over.

    Not a Word of its own: HSV takes that over in the fields, so that text and terms agree.
    """
    latest = agreement.latest
    return latest is not None and latest.side == Side.PARTNER and not latest.uploaded


def _acceptable(agreement: Agreement) -> bool:
    """Say whether the newest version is one that HSV put to the partners."""
    proposed = agreement.status == Status.PROPOSED
    return proposed or (agreement.latest is not None and agreement.latest.side == Side.HSV)


TRANSITIONS = (
    Transition(
        "open", (Status.DRAFT,), None, _MANAGE,
        N_("Ontwerp openen"), N_("Ontwerp geopend"),
    ),
    Transition(
        "edit", (Status.DRAFT, Status.PROPOSED, Status.IN_NEGOTIATION), None, _MANAGE,
        N_("Ontwerp aanpassen"), N_("Ontwerp aangepast"),
    ),
    Transition(
        "assign", (Status.DRAFT, Status.PROPOSED, Status.IN_NEGOTIATION, *_DECIDING), None, _MANAGE,
        N_("Dossierbeheerder kiezen"), N_("Dossierbeheerder gekozen"),
    ),
    Transition(
        "qualify", (Status.DRAFT, Status.PROPOSED, Status.IN_NEGOTIATION, *_DECIDING), None,
        _MANAGE, N_("Subsidie of dienst vastleggen"), N_("Subsidie of dienst vastgelegd"),
    ),
    Transition(
        "propose", (Status.DRAFT, Status.PROPOSED, Status.IN_NEGOTIATION), Status.PROPOSED,
        _MANAGE, N_("Versie voorstellen"), N_("Versie voorgesteld"), tells=("partners",),
        tone="primary",
    ),
    Transition(
        "comment", (Status.PROPOSED, Status.IN_NEGOTIATION), Status.IN_NEGOTIATION, _NEGOTIATE,
        N_("Opmerking maken"), N_("Opmerking gemaakt"),
    ),
    Transition(
        "hand_over", (Status.PROPOSED, Status.IN_NEGOTIATION), Status.IN_NEGOTIATION, _NEGOTIATE,
        N_("Opmerkingen doorgeven"), N_("Opmerkingen doorgegeven"), tells=("hsv",),
        tone="primary",
    ),
    Transition(
        "answer", (Status.PROPOSED, Status.IN_NEGOTIATION), None, _MANAGE,
        N_("Opmerking beantwoorden"), N_("Opmerking beantwoord"), tells=("partners",),
    ),
    Transition(
        "counter_propose", (Status.PROPOSED, Status.IN_NEGOTIATION), Status.IN_NEGOTIATION,
        _NEGOTIATE, N_("Tegenvoorstel doen"), N_("Tegenvoorstel gedaan"),
        tells=("hsv", "partners"),
    ),
    Transition(
        "take_over", (Status.IN_NEGOTIATION,), Status.PROPOSED, _MANAGE,
        N_("Tegenvoorstel overnemen"), N_("Tegenvoorstel overgenomen"), tells=("partners",),
        tone="primary", when=_partners_version,
    ),
    Transition(
        "accept", (Status.PROPOSED, Status.IN_NEGOTIATION), None, _NEGOTIATE,
        N_("Akkoord met deze versie"), N_("Akkoord gegeven"), tells=("hsv",), tone="primary",
        when=_acceptable,
    ),
    Transition(
        "agree", (Status.PROPOSED, Status.IN_NEGOTIATION), Status.AGREED, _NEGOTIATE,
        N_("Akkoord vaststellen"), N_("Alle partijen akkoord"), tells=("hsv", "partners"),
        when=_all_accepted,
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
        N_("Goedkeuring vaststellen"), N_("Goedgekeurd door alle partijen"),
        tells=("hsv", "partners"),
    ),
    Transition(
        "record_delegation", _DECIDING, None, _NEGOTIATE,
        N_("Delegatie registreren"), N_("Delegatie geregistreerd"), tells=("hsv",),
    ),
    Transition(
        "reopen", _DECIDING, Status.IN_NEGOTIATION, _MANAGE,
        N_("Opnieuw bespreken"), N_("Opnieuw in bespreking"), tells=("partners",),
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
        "complete_signing", (Status.OUT_FOR_SIGNATURE,), Status.SIGNED, _MANAGE,
        N_("Ondertekening afronden"), N_("Door iedereen ondertekend"),
    ),
    Transition(
        "start", (Status.SIGNED,), Status.ACTIVE, _MANAGE,
        N_("Laten ingaan"), N_("Ingegaan"), tells=("hsv", "partners"),
    ),
    Transition(
        "decline", (Status.PROPOSED, Status.IN_NEGOTIATION, *_DECIDING), Status.DECLINED,
        _NEGOTIATE, N_("Afzien van de samenwerking"), N_("Een partner ziet af"),
        tells=("hsv", "partners"), tone="danger",
    ),
    Transition(
        "withdraw", (Status.DRAFT, Status.PROPOSED, Status.IN_NEGOTIATION, *_DECIDING),
        Status.WITHDRAWN, _MANAGE, N_("Voorstel intrekken"), N_("Ingetrokken"),
        tells=("partners",), tone="danger",
    ),
    *living_states.TRANSITIONS,
)  # fmt: skip

STATUS_LABELS = {
    Status.DRAFT: N_("Ontwerp"),
    Status.PROPOSED: N_("Voorgesteld"),
    Status.IN_NEGOTIATION: N_("In bespreking"),
    Status.AGREED: N_("Akkoord, wacht op beslissingen"),
    Status.APPROVED: N_("Goedgekeurd"),
    Status.OUT_FOR_SIGNATURE: N_("Ter ondertekening"),
    Status.SIGNED: N_("Ondertekend"),
    Status.ACTIVE: N_("Van kracht"),
    Status.ENDED: N_("Verstreken"),
    Status.DECLINED: N_("Partner zag af"),
    Status.WITHDRAWN: N_("Ingetrokken"),
    Status.TERMINATED: N_("Opgezegd"),
}
STATUS_TONES = {
    Status.PROPOSED: "info",
    Status.IN_NEGOTIATION: "warning",
    Status.AGREED: "info",
    Status.APPROVED: "success",
    Status.OUT_FOR_SIGNATURE: "info",
    Status.SIGNED: "success",
    Status.ACTIVE: "success",
}
PAST = {t.action: t.past for t in TRANSITIONS}
INTERNAL = frozenset({"open", "edit", "assign", "qualify"})  # not in the partners' timeline


def _write_event(fired: Fired[Agreement]) -> None:
    agreement, details, by = fired.thing, fired.details, fired.by
    agreement.changed_at = clock.now()
    partner = by is not None and not by.can(_MANAGE)
    db.session.add(
        AgreementEvent(
            agreement_id=agreement.id,
            version=agreement.version + 1 if agreement.version else 1,
            action=fired.transition.action,
            before=fired.before,
            after=str(agreement.status),
            at=agreement.changed_at,
            account_id=by.account_id if by else None,
            organisation_id=by.organisation_id if by and partner else None,
            number=details.get("number"),
            on=details.get("on"),
            note=details.get("note", ""),
            internal=fired.transition.action in INTERNAL,
        )
    )


def changes_since(agreement: Agreement, version: int) -> list[Change]:
    """Return what happened after the version a person looked at, oldest first."""
    late = [e for e in agreement.events if e.version > version][-8:]
    names = notices.names_of(e.account_id for e in late)
    return [Change(PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


workflow = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=notices.tell,
    changes_since=changes_since,
)
