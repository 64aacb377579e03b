"""The matches of a family, one after the other, as its branch reads them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.core import clock
from portal.core.i18n import long_date
from portal.referrals.choices import MATCH_END_LABELS, PAUSE_REASONS
from portal.referrals.models import Match, MatchPause, Referral
from portal.referrals.present import Row


@dataclass(frozen=True)
class Shown:
    """One match: whose, whether it is over or pauses today, and what happened when."""

    name: str
    ended: bool
    paused: bool
    rows: list[Row]


def shown(referral: Referral) -> list[Shown]:
    """Return the matches of a referral, the latest first."""
    return [_shown(match) for match in reversed(referral.matches)]


def _shown(match: Match) -> Shown:
    ended = match.ended_on is not None
    answers = (
        Row(_("Gezin zegt ja"), _day_of(match.family_accepted_on, ended=ended)),
        Row(_("Vrijwilliger zegt ja"), _day_of(match.volunteer_accepted_on, ended=ended)),
    )
    rows = [Row(_("Voorgesteld"), long_date(match.proposed_on)), *answers]
    if match.introduced_on is not None:
        rows.append(Row(_("Kennismaking"), long_date(match.introduced_on)))
    if match.started_on is not None:
        rows.append(Row(_("Wekelijks bezoek"), _period(match.started_on, match.ended_on)))
    rows += [Row(_("Pauze"), _pause(pause)) for pause in match.pauses]
    if match.ended_on is not None:
        label = MATCH_END_LABELS.get(match.end_reason or "")
        why = [_(label)] if label else []
        rows.append(Row(_("Gestopt"), "\n".join([long_date(match.ended_on), *why])))
    return Shown(
        match.volunteer_name, ended, not ended and match.pause_on(clock.today()) is not None, rows
    )


def _day_of(answer: date | None, *, ended: bool) -> str:
    if answer is not None:
        return long_date(answer)
    return _("niet") if ended else _("nog niet")


def _period(begun: date, ended: date | None) -> str:
    if ended is None:
        return _("sinds %(day)s", day=long_date(begun))
    return _("van %(begin)s tot %(end)s", begin=long_date(begun), end=long_date(ended))


def _pause(pause: MatchPause) -> str:
    begin, reason = long_date(pause.from_on), _(PAUSE_REASONS[pause.reason])
    if pause.ended_on is None:
        until = long_date(pause.restart_on)
        return _(
            "%(reason)s: vanaf %(begin)s, herstart gepland op %(end)s",
            reason=reason,
            begin=begin,
            end=until,
        )
    return _(
        "%(reason)s: van %(begin)s tot %(end)s",
        reason=reason,
        begin=begin,
        end=long_date(pause.ended_on),
    )
