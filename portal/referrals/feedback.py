"""What a referrer hears of a referral: as far as the family allows, and in words it would accept.

`none`: received, and handled. `status`: the state of affairs. `outcome`: the reasons as well.
Pages, lists and mails for referrers ask here; no template decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case

from portal.core import clock
from portal.core.errors import Change
from portal.core.i18n import N_, long_date, moment
from portal.referrals import choices, notices, reading, routing
from portal.referrals.choices import Feedback
from portal.referrals.models import OPEN, Referral, ReferralEvent, Status
from portal.referrals.senders import names_of
from portal.referrals.states import PAST, STATUS_LABELS, STATUS_TONES

Names = Mapping[int | None, str]

_HANDLED = "handled"
_OWN = ("submit", "register_unmet", "withdraw", "leave_list")
_STEPS = (
    *("plan_intake", "accept", "decline", "match", "start", "end_match", "transfer"),
    *("complete", "reopen", "record_withdrawal", "take_up", "leave_opening"),
)
_PROGRESS = ("record_contact", "record_visit", "introduce")
_DATED = ("plan_intake", *_PROGRESS)
_ALLOWED: Mapping[Feedback, tuple[str, ...]] = {
    Feedback.NONE: _OWN,
    Feedback.STATUS: (*_OWN, *_STEPS),
    Feedback.OUTCOME: (*_OWN, *_STEPS, *_PROGRESS),
}
_REASONS = {**choices.DECLINE_REASONS, **choices.WITHDRAWAL_REASONS, **choices.CLOSING_REASONS}
# In these words when the family does not let the reason be heard: who stopped is a reason too.
_WITHOUT_REASON = {"record_withdrawal": N_("De aanmelding is stopgezet")}
_NEXT = {
    Status.WAITING: N_("De intake is gebeurd. We zoeken een vrijwilliger die bij het gezin past."),
    Status.MATCHED: N_("Gezin en vrijwilliger leren elkaar kennen. Daarna start het traject."),
    Status.RUNNING: N_(
        "Een vrijwilliger komt elke week bij het gezin langs, minstens een jaar lang."
    ),
    Status.COMPLETED: N_("Heeft het gezin later een nieuwe vraag? Dan kun je opnieuw verwijzen."),
    Status.DECLINED: N_("Bespreek met het gezin wat nu wel kan helpen."),
    Status.WITHDRAWN: N_(
        "Er gebeurt niets meer met deze verwijzing. Later opnieuw verwijzen kan altijd."
    ),
}
_TO_PARENT = {
    Status.SUBMITTED: N_("De coördinator sprak met je. Jullie spreken nog af voor een gesprek."),
    Status.INTAKE_PLANNED: N_("Je hebt een afspraak met de coördinator."),
    Status.WAITING: N_("We zoeken een vrijwilliger die bij jullie past. Dat kan even duren."),
    Status.MATCHED: N_("Er is een vrijwilliger. Jullie leren elkaar kennen."),
    Status.RUNNING: N_("De vrijwilliger komt elke week langs."),
    Status.COMPLETED: N_("De bezoeken zijn afgerond. Je kunt je later opnieuw aanmelden."),
    Status.DECLINED: N_("Home-Start is nu niet de beste hulp. De coördinator vertelt je waarom."),
    Status.WITHDRAWN: N_("Je vraag is gestopt. Je kunt je later opnieuw aanmelden."),
    Status.NOT_SERVED: N_(
        "In jouw gemeente is er nog geen Home-Start. We bellen je als dat verandert. We bewaren "
        "je gegevens ten hoogste een jaar."
    ),
}
HEARD_LABELS = {**STATUS_LABELS, _HANDLED: N_("Afgehandeld")}

# The status as the referrer hears it, for lists that filter on it in the database.
status_heard = case(
    (Referral.feedback != Feedback.NONE, Referral.status),
    (Referral.reopened_on.is_not(None), _HANDLED),
    (Referral.status.in_(OPEN), Status.SUBMITTED.value),
    (Referral.status == Status.NOT_SERVED, Status.NOT_SERVED.value),
    else_=_HANDLED,
)


@dataclass(frozen=True)
class Badge:
    """A status as it is shown."""

    label: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One line of a timeline."""

    at: datetime
    label: str
    who: str = ""
    note: str = ""
    tone: str = ""
    own: bool = False  # of a step of the referrer herself


@dataclass(frozen=True)
class News:
    """What the referrer may know of a referral now. `reason` and `advice`: of its ending."""

    badge: Badge
    next_steps: list[str]
    reason: str = ""
    advice: str = ""
    lines: list[Line] = field(default_factory=list)
    readers: list[reading.Reader] = field(default_factory=list)
    allowed: str = ""


def heard_status(referral: Referral) -> Badge:
    """Return the status as a referrer may hear it."""
    status = referral.status
    if referral.feedback == Feedback.NONE and status != Status.NOT_SERVED:
        if is_handled(referral):
            return Badge(_(HEARD_LABELS[_HANDLED]), "neutral")
        status = Status.SUBMITTED
    return Badge(_(STATUS_LABELS[status]), STATUS_TONES.get(status, "neutral"))


def is_handled(referral: Referral) -> bool:
    """Say whether a referral is handled, to who hears no more than that: once is for good.

    That a family asks for support again later is then not the referrer's to know.
    """
    return referral.status not in OPEN or referral.reopened_on is not None


def news(referral: Referral, usual_wait: str = "") -> News:
    """Return everything a referrer may hear of a referral, her own steps included.

    `usual_wait` is how long a match usually takes in this branch (`routing.usual_wait`).
    """
    allowed = _(choices.FEEDBACK[referral.feedback])
    heard = lines(referral, names_of(event.by_id for event in referral.events))
    if referral.feedback == Feedback.NONE and not _withdrawn_herself(referral):
        return News(
            heard_status(referral),
            _silence(referral),
            lines=heard,
            allowed=allowed,
        )
    reason, advice = _why(referral)
    return News(
        _badge(referral),
        _next_steps(referral, usual_wait),
        reason,
        advice,
        heard,
        reading.readers(referral) if referral.feedback != Feedback.NONE else [],
        allowed,
    )


def lines(referral: Referral, names: Names) -> list[Line]:
    """Return the timeline a referrer may read, the latest first. Never a note of the branch."""
    heard = [event for event in referral.events if event.action in _ALLOWED[referral.feedback]]
    found = [_line(referral, event, names) for event in heard]
    if referral.feedback == Feedback.NONE and not _withdrawn_herself(referral):
        ended = [e for e in referral.events if e.after in notices.ENDINGS][:1]
        found += [Line(e.at, _(HEARD_LABELS[_HANDLED])) for e in ended]
    return found[::-1]


def latest(referral: Referral) -> Line:
    """Return the last thing a referrer may know happened; without names, so without a query."""
    return lines(referral, {})[0]


def changes(referral: Referral, version: int) -> list[Change]:
    """Return what happened since a version, as far as the referrer may hear it."""
    late = {event.at for event in referral.events if event.version > version}
    heard = lines(referral, names_of(event.by_id for event in referral.events))
    return [Change(one.label, one.at, one.who) for one in heard[::-1] if one.at in late]


def parent_news(referral: Referral) -> list[str]:
    """Return how far the question of a parent is, in her words; nothing about the family."""
    branch = referral.branch.name if referral.branch else "Home-Start"
    if referral.status == Status.SUBMITTED and referral.first_contact_on is None:
        due = long_date(referral.first_contact_due_on)
        return [
            _("Je vraag is bij %(branch)s.", branch=branch),
            _("De coördinator belt je ten laatste op %(due)s.", due=due),
        ]
    return [_(_TO_PARENT[referral.status])]


def _line(referral: Referral, event: ReferralEvent, names: Names) -> Line:
    label = PAST[event.action]
    note = ""
    if referral.feedback != Feedback.OUTCOME:
        label = _WITHOUT_REASON.get(event.action, label)
    elif event.action in _DATED:
        note = long_date(event.on)
    tone = STATUS_TONES.get(Status(event.after), "") if event.before != event.after else ""
    own = event.action in _OWN
    return Line(event.at, _(label), names.get(event.by_id, ""), note, tone, own)


def _badge(referral: Referral) -> Badge:
    if _withdrawn_herself(referral):
        return Badge(_(STATUS_LABELS[Status.WITHDRAWN]), "neutral")
    return heard_status(referral)


def _withdrawn_herself(referral: Referral) -> bool:
    return bool(referral.events) and referral.events[-1].action in ("withdraw", "leave_list")


def _why(referral: Referral) -> tuple[str, str]:
    """Return the reason and the advice that may be heard, or two empty texts."""
    if referral.feedback != Feedback.OUTCOME or referral.status not in notices.ENDINGS:
        return "", ""
    reason = _REASONS.get(referral.reason or "")
    advice = [event.advice for event in referral.events if event.action == "decline"]
    return (_(reason) if reason else ""), (advice[-1] or "" if advice else "")


def _silence(referral: Referral) -> list[str]:
    if referral.status == Status.NOT_SERVED:
        return _unserved(referral)
    if not is_handled(referral):
        branch = referral.branch.name if referral.branch else ""
        return [
            _("%(branch)s heeft je verwijzing ontvangen.", branch=branch),
            _("Het gezin koos ervoor dat je alleen nog hoort wanneer ze afgehandeld is."),
        ]
    return [
        _("Je verwijzing is afgehandeld. Het gezin koos ervoor om niet meer te laten weten."),
        _("Heb je nog een vraag, bespreek ze dan met het gezin zelf."),
    ]


def _next_steps(referral: Referral, usual_wait: str) -> list[str]:
    """Return what happens now, a sentence or two for each status."""
    if referral.status == Status.SUBMITTED:
        return _until_contact(referral)
    if referral.status == Status.INTAKE_PLANNED:
        return _until_intake(referral)
    if referral.status == Status.NOT_SERVED:
        return _unserved(referral)
    sentences = [_(_NEXT[referral.status])]
    if referral.status == Status.WAITING and usual_wait not in ("", routing.UNKNOWN_WAIT):
        wait = _("Een match vinden duurt in deze werking %(wait)s.", wait=_(usual_wait))
        sentences.append(wait)
    return sentences


def _until_contact(referral: Referral) -> list[str]:
    assert referral.branch is not None
    if referral.first_contact_on is not None:
        return [_("De coördinator sprak het gezin een eerste keer en plant een intake.")]
    values = {"branch": referral.branch.name, "due": long_date(referral.first_contact_due_on)}
    if referral.first_contact_due_on < clock.today():
        return [
            _("Een eerste contact met het gezin was voorzien tegen %(due)s.", **values),
            _("Dat is nog niet genoteerd. Bel of mail gerust met %(branch)s.", **values),
        ]
    return [
        _("De coördinator van %(branch)s contacteert het gezin ten laatste %(due)s.", **values),
        _("Daarna volgt een intake, waarin samen bekeken wordt of Home-Start past."),
    ]


def _until_intake(referral: Referral) -> list[str]:
    steps = [_("Bij de intake bekijken gezin en coördinator samen of Home-Start past.")]
    if referral.feedback == Feedback.OUTCOME and referral.intake_at is not None:
        when = _("De intake is gepland op %(when)s.", when=moment(referral.intake_at))
        return [when, *steps]
    return steps


def _unserved(referral: Referral) -> list[str]:
    place = referral.municipality.name
    branch = routing.branch_for(referral.municipality_nis, clock.today())
    if branch is not None and referral.family is not None:
        values = {"place": place, "branch": branch.name}
        contact = ", ".join(filter(None, (branch.phone, branch.email)))
        return [
            _("In %(place)s is er nu een werking: %(branch)s.", **values),
            _("Vraag het gezin of het nog steun wil, en geef het antwoord door: ") + contact,
        ]
    none = _("In %(place)s is er vandaag geen werking.", place=place)
    return [none, _(notices.KEPT if referral.family is None else notices.KEPT_ON_LIST)]
