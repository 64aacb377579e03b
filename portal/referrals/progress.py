"""Where a referral stands, for its branch: what to do now, for how long it waits, what happened.

Knows no web. What a person typed stays text of its own, never part of a message to translate.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock
from portal.core.i18n import long_date, moment
from portal.core.workflow import Transition
from portal.referrals import choices, notices
from portal.referrals.choices import Feedback
from portal.referrals.feedback import Badge, Line
from portal.referrals.models import Channel, Referral, Status
from portal.referrals.present import Row
from portal.referrals.senders import names_of
from portal.referrals.states import PAST, STATUS_LABELS, STATUS_TONES


def badge(referral: Referral) -> Badge:
    """Return the status for the branch."""
    return Badge(_(STATUS_LABELS[referral.status]), STATUS_TONES.get(referral.status, "neutral"))


def lasting(since: date) -> str:
    """Return how long something lasts by today, as coarse as people say it: "3 weken"."""
    days = (clock.today() - since).days
    if days < 1:
        return _("sinds vandaag")
    if days < 21:
        return ngettext("%(num)d dag", "%(num)d dagen", days)
    if days < 91:
        return ngettext("%(num)d week", "%(num)d weken", days // 7)
    return ngettext("%(num)d maand", "%(num)d maanden", days * 12 // 365)


def is_late(referral: Referral) -> bool:
    """Say whether the first contact with the family should have been before today."""
    waits = referral.status == Status.SUBMITTED and referral.first_contact_on is None
    return waits and referral.first_contact_due_on < clock.today()


def next_step(referral: Referral) -> str:
    """Return what the coordinator is to do now, in a sentence."""
    if not referral.shared and referral.family is not None:
        return _("Zeg de vrijwilliger en de afspraken met dit gezin af.")
    says = _NEXT.get(referral.status)
    if says is None:
        return _("Deze verwijzing is afgesloten. Er hoeft niets meer te gebeuren.")
    return says(referral)


def _until_intake(referral: Referral) -> str:
    if referral.first_contact_on is not None:
        return _("Je sprak het gezin al. Plan nu de intake.")
    due = long_date(referral.first_contact_due_on)
    if is_late(referral):
        return _(
            "Het eerste contact had er tegen %(due)s moeten zijn. Neem vandaag contact op.", due=due
        )
    if referral.family is not None and referral.family.identity["contact_mode"] == "family_calls":
        return _(
            "Het gezin neemt zelf contact op. Hoor je niets tegen %(due)s, vraag het dan na bij "
            "de verwijzer.",
            due=due,
        )
    return _("Neem ten laatste op %(due)s een eerste keer contact op met het gezin.", due=due)


def _at_intake(referral: Referral) -> str:
    when = moment(referral.intake_at)
    if referral.intake_at is not None and referral.intake_at < clock.now():
        return _("De intake was op %(when)s. Noteer wat jullie samen beslisten.", when=when)
    return _("De intake is op %(when)s.", when=when)


def _until_match(referral: Referral) -> str:
    match = referral.active_match
    if match is None:
        return _("Zoek een vrijwilliger die bij dit gezin past en stel de match voor.")
    if match.family_accepted_on is None and match.volunteer_accepted_on is None:
        return _("Er is een match voorgesteld. Noteer het antwoord van gezin en vrijwilliger.")
    if match.family_accepted_on is None:
        return _("De vrijwilliger zei ja. Noteer het antwoord van het gezin.")
    return _("Het gezin zei ja. Noteer het antwoord van de vrijwilliger.")


def _until_start(referral: Referral) -> str:
    match = referral.active_match
    if match is not None and match.introduced_on is not None:
        return _("Ze kennen elkaar. Start het traject zodra de wekelijkse bezoeken beginnen.")
    return _("Breng gezin en vrijwilliger samen en noteer de kennismaking.")


def _since(referral: Referral) -> str:
    if referral.started_on is None:
        return ""
    return _(
        "Het traject loopt sinds %(day)s (%(lasting)s).",
        day=long_date(referral.started_on),
        lasting=lasting(referral.started_on),
    )


def _after_end(referral: Referral) -> str:
    asked = []
    if referral.evaluation_due_on is not None:
        day = long_date(referral.evaluation_due_on)
        asked.append(_("De slotevaluatie is gepland op %(day)s.", day=day))
    if referral.follow_up_due_on is not None:
        day = long_date(referral.follow_up_due_on)
        asked.append(_("Neem tegen %(day)s nog eens contact op met het gezin.", day=day))
    return " ".join(asked) or _("Dit traject is afgesloten. Er hoeft niets meer te gebeuren.")


def waiting(referral: Referral) -> str:
    """Return how long the family waits by now: for a first step, or for a match."""
    if referral.status == Status.WAITING and referral.waiting_since_on is not None:
        return _("%(lasting)s op de wachtlijst", lasting=lasting(referral.waiting_since_on))
    received = clock.local(referral.received_at).date()
    return _("ontvangen op %(day)s", day=long_date(received))


def ending_rows(referral: Referral) -> list[Row]:
    """Return why and when a referral ended, for the branch; nothing while it is open."""
    reasons: Mapping[Status, Mapping[str, str]] = {
        Status.DECLINED: choices.DECLINE_REASONS,
        Status.WITHDRAWN: choices.WITHDRAWAL_REASONS,
        Status.COMPLETED: choices.CLOSING_REASONS,
    }
    if referral.status not in reasons or referral.ended_on is None:
        return []
    reason = reasons[referral.status].get(referral.reason or "")
    rows = [
        Row(_("Einddatum"), long_date(referral.ended_on)),
        Row(_("Reden"), _(reason) if reason else None),
    ]
    if referral.followed_up_on is not None:
        result = choices.FOLLOW_UP_RESULTS[str(referral.follow_up_result)]
        told = f"{long_date(referral.followed_up_on)}: {_(result)}"
        rows.append(Row(_("Nazorgcontact"), told))
    return rows


def timeline(referral: Referral) -> list[Line]:
    """Return everything that happened with its notes, for the branch, the latest first."""
    names = names_of(event.by_id for event in referral.events)
    return [
        Line(
            event.at,
            _(PAST[event.action]),
            names.get(event.by_id, ""),
            _note(event.on, clock.local(event.at).date(), (event.note, event.advice)),
            STATUS_TONES.get(Status(event.after), "neutral") if event.before != event.after else "",
        )
        for event in reversed(referral.events)
    ]


def mail_sentence(referral: Referral, row: Transition) -> str:
    """Return who gets a mail when this row fires, and why not if the referrer does not."""
    if "referrer" not in row.tells or referral.channel == Channel.LIST:
        return _("Niemand krijgt hierover een mail.")
    if referral.channel == Channel.SELF:
        told = notices.texts(referral, row, "referrer") is not None
        return _("De ouder krijgt een mail.") if told else _("De ouder krijgt geen mail: bel even.")
    if notices.texts(referral, row, "referrer") is not None:
        if row.action == "match":
            return _("Komt er een match, dan krijgt de verwijzer een mail.")
        return _("De verwijzer krijgt een mail.")
    if not referral.referrer_hears:
        return _("De verwijzer krijgt geen mail: daar is niet om gevraagd.")
    return _("De verwijzer krijgt geen mail: het gezin laat dat niet toe.")


def advice_hint(referral: Referral) -> str:
    """Return who reads the advice on a better-fitting service."""
    if referral.channel != Channel.PROFESSIONAL:
        return _("Dit blijft bij de afdeling. Bespreek het zelf met de ouder.")
    if referral.feedback == Feedback.OUTCOME:
        return _(
            "De verwijzer leest dit: een dienst of aanbod, en hoe het gezin daar terechtkan. "
            "Schrijf niets over het gezin dat de verwijzer nog niet weet."
        )
    return _("Het gezin laat niet toe dat de verwijzer dit leest: het blijft bij de afdeling.")


def _note(on: date | None, written_on: date, texts: Iterable[str | None]) -> str:
    about = [long_date(on)] if on is not None and on != written_on else []
    return "\n".join([*about, *(text for text in texts if text)])


_NEXT: Mapping[Status, Callable[[Referral], str]] = {
    Status.SUBMITTED: _until_intake,
    Status.INTAKE_PLANNED: _at_intake,
    Status.WAITING: _until_match,
    Status.MATCHED: _until_start,
    Status.RUNNING: _since,
    Status.COMPLETED: _after_end,
}
