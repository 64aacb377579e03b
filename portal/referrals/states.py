"""The states of a referral: who may do what, what it is called, and who hears of it.

Audiences: `branch` (its coordinators), `referrer` (as far as the family allows feedback).
"""

from collections.abc import Callable

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.months import months_later
from portal.core.permissions import Permission
from portal.core.terms import number
from portal.core.workflow import Fired, Transition, Workflow
from portal.referrals import notices
from portal.referrals.choices import LIST_LABEL
from portal.referrals.models import OPEN, Referral, ReferralEvent, Status
from portal.referrals.senders import names_of

_HANDLE = Permission.REFERRAL_HANDLE
_GUIDED = (
    *(Status.INTAKE_PLANNED, Status.WAITING, Status.MATCHED, Status.RUNNING, Status.COMPLETED),
)
_EVALUATED = (Status.WAITING, Status.MATCHED, Status.RUNNING, Status.COMPLETED)
# Where what was done with a volunteer can be written down: also just after the end.
_BEGUN = (Status.WAITING, Status.MATCHED, Status.RUNNING, Status.COMPLETED, Status.WITHDRAWN)


def _accepted(referral: Referral) -> bool:
    return referral.active_match is not None and referral.active_match.accepted


def _introduced(referral: Referral) -> bool:
    match = referral.active_match
    return match is not None and match.introduced_on is not None


def _pauses(referral: Referral) -> bool:
    return referral.active_match is not None and referral.active_match.open_pause is not None


def _may_reopen(referral: Referral) -> bool:
    """Within the term HSV set, and as long as the family is kept; else it is referred anew."""
    if referral.ended_on is None or referral.family is None:
        return False
    return clock.today() <= months_later(referral.ended_on, number("REOPEN_MONTHS"))


def _is_kept(referral: Referral) -> bool:
    return referral.family is not None


def _has_run(referral: Referral) -> bool:
    return referral.started_on is not None


def _is_shared(referral: Referral) -> bool:
    return referral.shared and referral.family is not None


# As long as anything of a family is kept, open or not, it decides about that.
_KEPT = (*OPEN, Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN)


def _has_reached(status: Status) -> Callable[[Referral], bool]:
    """Say of a family from a list how far its days show that it came; the furthest counts."""
    shown: dict[Status, Callable[[Referral], object]] = {
        Status.RUNNING: lambda r: r.started_on,
        Status.MATCHED: lambda r: r.matched_on,
        Status.WAITING: lambda r: r.waiting_since_on,
    }
    return lambda r: status not in shown or shown[status](r) is not None


_TAKEN_BACK = N_("Het gezin trok zijn toestemming in")

TRANSITIONS = (
    Transition(
        "submit", (Status.DRAFT,), Status.SUBMITTED, Permission.REFERRAL_SUBMIT,
        N_("Verwijzing versturen"), N_("Verwijzing verstuurd"), tells=("referrer", "branch"),
    ),
    Transition(
        "register_unmet", (Status.DRAFT,), Status.NOT_SERVED, Permission.REFERRAL_SUBMIT,
        N_("Nood doorgeven"), N_("Geregistreerd: nog geen werking in deze gemeente"),
        tells=("referrer",),
    ),
    *(
        Transition(
            "take_over", (Status.DRAFT,), target, _HANDLE,
            N_("Uit een lijst overnemen"), LIST_LABEL, when=_has_reached(target),
        )
        for target in (Status.RUNNING, Status.MATCHED, Status.WAITING, Status.SUBMITTED)
    ),
    Transition(
        "record_contact", (Status.SUBMITTED, Status.INTAKE_PLANNED), None, _HANDLE,
        N_("Eerste contact noteren"), N_("Eerste contact met het gezin"),
        when=lambda r: r.first_contact_on is None,
    ),
    Transition(
        "plan_intake", (Status.SUBMITTED, Status.INTAKE_PLANNED), Status.INTAKE_PLANNED, _HANDLE,
        N_("Intake plannen"), N_("Intake gepland"), tone="primary",
    ),
    Transition(
        "accept", (Status.SUBMITTED, Status.INTAKE_PLANNED), Status.WAITING, _HANDLE,
        N_("Intake noteren en aanvaarden"), N_("Intake gebeurd, gezin op de wachtlijst"),
        tells=("referrer",), tone="primary",
    ),
    Transition(
        "decline", (Status.SUBMITTED, Status.INTAKE_PLANNED, Status.WAITING), Status.DECLINED,
        _HANDLE, N_("Niet aanvaarden"), N_("Niet aanvaard"), tells=("referrer",), tone="danger",
        when=lambda r: not _has_run(r),
    ),
    Transition(
        "set_priority", (Status.WAITING,), None, _HANDLE,
        N_("Volgorde aanpassen"), N_("Volgorde op de wachtlijst aangepast"),
    ),
    Transition(
        "record_visit", (Status.WAITING,), None, _HANDLE,
        N_("Kennismakingsbezoek noteren"), N_("Kennismaking aan huis"),
    ),
    Transition(
        "propose_match", (Status.WAITING,), None, _HANDLE,
        N_("Match voorstellen"), N_("Match voorgesteld"), tone="primary",
        when=lambda r: r.active_match is None,
    ),
    Transition(
        "answer_match", (Status.WAITING,), None, _HANDLE,
        N_("Antwoord op de match noteren"), N_("Antwoord op de match genoteerd"), tone="primary",
        when=lambda r: r.active_match is not None,
    ),
    Transition(
        "refuse_match", (Status.WAITING,), None, _HANDLE,
        N_("Match gaat niet door"), N_("Matchvoorstel ging niet door"),
        when=lambda r: r.active_match is not None,
    ),
    Transition(
        "match", (Status.WAITING,), Status.MATCHED, _HANDLE,
        N_("Match bevestigen"), N_("Match: gezin en vrijwilliger kiezen voor elkaar"),
        tells=("referrer",), when=_accepted,
    ),
    Transition(
        "introduce", (Status.MATCHED,), None, _HANDLE,
        N_("Kennismaking met de vrijwilliger noteren"), N_("Kennismaking met de vrijwilliger"),
        tone="primary", when=lambda r: not _introduced(r),
    ),
    Transition(
        "start", (Status.MATCHED,), Status.RUNNING, _HANDLE,
        N_("Traject starten"), N_("Traject gestart"), tells=("referrer",), tone="primary",
        when=_introduced,
    ),
    Transition(
        "end_match", (Status.MATCHED, Status.RUNNING), Status.WAITING, _HANDLE,
        N_("Match stoppen, nieuwe vrijwilliger zoeken"),
        N_("Match gestopt, opnieuw op de wachtlijst"),
    ),
    Transition(
        "complete", (Status.WAITING, Status.MATCHED, Status.RUNNING), Status.COMPLETED, _HANDLE,
        N_("Traject afronden"), N_("Traject afgerond"), tells=("referrer",), tone="primary",
        when=_has_run,
    ),
    Transition(
        "pause", (Status.RUNNING,), None, _HANDLE,
        N_("Pauze noteren"), N_("Pauze genoteerd"), when=lambda r: not _pauses(r),
    ),
    Transition(
        "resume", (Status.RUNNING,), None, _HANDLE,
        N_("Herstart noteren"), N_("Opnieuw gestart na een pauze"), tone="primary", when=_pauses,
    ),
    Transition(
        "record_follow_up", (Status.COMPLETED,), None, _HANDLE,
        N_("Nazorgcontact noteren"), N_("Nazorgcontact met het gezin"),
        when=lambda r: r.follow_up_due_on is not None,
    ),
    Transition(
        "reopen", (Status.COMPLETED,), Status.WAITING, _HANDLE,
        N_("Traject heropenen"), N_("Traject heropend met instemming van het gezin"),
        tells=("referrer",), when=_may_reopen,
    ),
    Transition(
        "choose_goals",
        (Status.INTAKE_PLANNED, Status.WAITING, Status.MATCHED, Status.RUNNING), None, _HANDLE,
        N_("Doelen kiezen"), N_("Doelen gekozen"), when=_is_kept,
    ),
    Transition(
        "plan_half_day", (Status.MATCHED, Status.RUNNING), None, _HANDLE,
        N_("Vast dagdeel afspreken"), N_("Vast dagdeel afgesproken"),
    ),
    Transition(
        "record_half_days", _BEGUN, None, _HANDLE,
        N_("Dagdelen invullen"), N_("Dagdelen ingevuld"), when=_has_run,
    ),
    Transition(
        "correct_half_day", _BEGUN, None, _HANDLE,
        N_("Dagdeel verbeteren"), N_("Dagdeel verbeterd"), when=_has_run,
    ),
    Transition(
        "evaluate", _EVALUATED, None, _HANDLE,
        N_("Evalueren"), N_("Evaluatie met het gezin"), when=_is_kept,
    ),
    Transition(
        "correct_evaluation", _EVALUATED, None, _HANDLE,
        N_("Evaluatie verbeteren"), N_("Evaluatie verbeterd"), when=_is_kept,
    ),
    Transition(
        "note_guidance", _GUIDED, None, _HANDLE,
        N_("Toeleiding noteren"), N_("Toeleiding genoteerd"), when=_is_kept,
    ),
    Transition(
        "settle_guidance", _GUIDED, None, _HANDLE,
        N_("Resultaat van een toeleiding noteren"), N_("Resultaat van een toeleiding genoteerd"),
        when=_is_kept,
    ),
    Transition(
        "correct_contact", OPEN, None, _HANDLE,
        N_("Contactgegevens aanpassen"), N_("Contactgegevens aangepast"),
        when=_is_kept,
    ),
    Transition(
        "change_consent", _KEPT, None, _HANDLE,
        N_("Toestemming wijzigen"), N_("Het gezin wijzigde zijn toestemming"),
        when=_is_shared,
    ),
    Transition(
        "family_changes_consent", _KEPT, None, _HANDLE,
        N_("Toestemming wijzigen"), N_("Toestemming gewijzigd door het gezin zelf"),
        tells=("branch",), when=_is_shared,
    ),
    Transition(
        "withdraw_consent", OPEN, Status.WITHDRAWN, _HANDLE,
        N_("Toestemming intrekken"), _TAKEN_BACK, tells=("branch",), tone="danger",
        when=_is_shared,
    ),
    Transition(
        "withdraw_consent", (Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN), None, _HANDLE,
        N_("Toestemming intrekken"), _TAKEN_BACK, tells=("branch",), tone="danger",
        when=_is_shared,
    ),
    Transition(
        "withdraw_consent", (Status.NOT_SERVED,), Status.WITHDRAWN, _HANDLE,
        N_("Toestemming intrekken"), _TAKEN_BACK, tone="danger", when=_is_shared,
    ),
    Transition(
        "family_asks", _KEPT, None, _HANDLE,
        N_("Vraag stellen"), N_("Het gezin stelde een vraag op zijn pagina"),
        tells=("branch",), when=_is_shared,
    ),
    Transition(
        "follow_up", OPEN, None, _HANDLE,
        N_("Nog steeds bezig"), N_("Opgevolgd: nog steeds bezig"),
    ),
    Transition(
        "transfer", OPEN, Status.SUBMITTED, _HANDLE,
        N_("Overdragen aan een andere afdeling"), N_("Overgedragen aan een andere afdeling"),
        tells=("branch", "left_branch", "referrer"), when=lambda r: r.family is not None,
    ),
    Transition(
        "record_withdrawal", OPEN, Status.WITHDRAWN, _HANDLE,
        N_("Gezin stopt"), N_("Het gezin zet de aanmelding stop"),
        tells=("referrer",), tone="danger",
    ),
    Transition(
        "withdraw", OPEN, Status.WITHDRAWN, Permission.REFERRAL_WITHDRAW,
        N_("Verwijzing intrekken"), N_("Ingetrokken door de verwijzer"),
        tells=("branch", "referrer"), tone="danger",
        # what was taken up again is between family and branch
        when=lambda r: r.reopened_on is None,
    ),
    Transition(
        "take_up", (Status.NOT_SERVED,), Status.SUBMITTED, _HANDLE,
        N_("Gezin van de lijst opnemen"), N_("Van de lijst opgenomen: het gezin zei opnieuw ja"),
        tells=("referrer",), tone="primary", when=lambda r: r.family is not None,
    ),
    Transition(
        "leave_opening", (Status.NOT_SERVED,), Status.WITHDRAWN, _HANDLE,
        N_("Gezin wil niet meer"), N_("Het gezin wil niet meer op de lijst, gegevens gewist"),
        tells=("referrer",), tone="danger", when=lambda r: r.family is not None,
    ),
    Transition(
        "leave_list", (Status.NOT_SERVED,), Status.WITHDRAWN, Permission.REFERRAL_WITHDRAW,
        N_("Gezin van de lijst halen"), N_("Gezin van de lijst gehaald, gegevens gewist"),
        tells=("referrer",), tone="danger", when=lambda r: r.family is not None,
    ),
)  # fmt: skip

STATUS_LABELS = {
    Status.SUBMITTED: N_("Ontvangen"),
    Status.INTAKE_PLANNED: N_("Intake gepland"),
    Status.WAITING: N_("Wacht op een match"),
    Status.MATCHED: N_("Gematcht"),
    Status.RUNNING: N_("Lopend traject"),
    Status.COMPLETED: N_("Afgerond"),
    Status.DECLINED: N_("Niet aanvaard"),
    Status.WITHDRAWN: N_("Ingetrokken"),
    Status.NOT_SERVED: N_("Geen werking in de gemeente"),
}
STATUS_TONES = {
    Status.SUBMITTED: "info",
    Status.INTAKE_PLANNED: "info",
    Status.WAITING: "warning",
    Status.MATCHED: "success",
    Status.RUNNING: "success",
}
PAST = {t.action: t.past for t in TRANSITIONS}


def _write_event(fired: Fired[Referral]) -> None:
    referral = fired.thing
    referral.changed_at = clock.now()
    details = fired.details
    event = ReferralEvent(
        referral_id=referral.id,
        version=referral.version + 1 if referral.version else 1,
        action=fired.transition.action,
        before=fired.before,
        after=str(referral.status),
        at=referral.changed_at,
        account_id=fired.by.account_id or None if fired.by else None,
        guest_id=fired.by.guest_id if fired.by else None,
        on=details.get("on"),
    )
    event.note, event.advice = details.get("note", ""), details.get("advice", "")
    db.session.add(event)


def changes_since(referral: Referral, version: int) -> list[Change]:
    """Return what happened after the version a person looked at, oldest first."""
    names = names_of(e.by_id for e in referral.events)
    late = [e for e in referral.events if e.version > version][-8:]
    return [Change(PAST[e.action], e.at, names.get(e.by_id, "")) for e in late]


workflow = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=notices.tell,
    changes_since=changes_since,
)
