"""Half-days as they are read: each with what stood there before, and how many there were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.i18n import N_, long_date, moment
from portal.referrals.models import DayPart, Match
from portal.referrals.present import Row
from portal.referrals.senders import names_of
from portal.referrals.trajectory.half_days import HELD, LABELS, NOT_HELD, HalfDay
from portal.referrals.trajectory.sums import OfTrajectory, Sum

_Names = Mapping[int | None, str]
_DAYS = (
    N_("maandag"), N_("dinsdag"), N_("woensdag"), N_("donderdag"),
    N_("vrijdag"), N_("zaterdag"), N_("zondag"),
)  # fmt: skip
_PARTS = {
    DayPart.MORNING: N_("in de voormiddag"),
    DayPart.AFTERNOON: N_("in de namiddag"),
    DayPart.EVENING: N_("'s avonds"),
}


@dataclass(frozen=True)
class Line:
    """A half-day that counts; `before`: what stood there, in words, the latest first."""

    id: int
    on: date
    what: str
    held: bool
    before: list[str]


def lines(found: Sequence[HalfDay]) -> list[Line]:
    """Return the half-days that count, the latest first, from all there are."""
    names = names_of(one.replaced_by_id for one in found)
    by_id = {one.id: one for one in found}
    return [
        Line(
            one.id,
            one.on,
            _(LABELS[one.what]),
            one.what in HELD,
            [_stood(old, names) for old in _before(one, by_id)],
        )
        for one in found
        if one.replaced_at is None
    ]


def withdrawn(found: Sequence[HalfDay]) -> list[str]:
    """Return what was entered by mistake and stands no more, in words."""
    names = names_of(one.replaced_by_id for one in found)
    replaced = {one.replaces_id for one in found}
    gone = [one for one in found if one.replaced_at is not None and one.id not in replaced]
    return [_stood(one, names) for one in gone]


def sum_rows(total: Sum) -> list[Row]:
    """Return how often each kind was, those that took place first; only what there was."""
    labels = {**HELD, **NOT_HELD}
    return [Row(_(labels[what]), str(total.by[what])) for what in labels if total.by[what]]


def sentence(of: OfTrajectory) -> str:
    """Return how many half-days took place of those that were agreed."""
    held = ngettext("%(num)d dagdeel ging door", "%(num)d dagdelen gingen door", of.sum.held)
    agreed = ngettext(
        "%(num)d was afgesproken tot vandaag", "%(num)d waren afgesproken tot vandaag", of.agreed
    )
    return f"{held}; {agreed}."


def agreement(match: Match | None) -> str:
    """Return the half-day that was agreed on; nothing as long as none was."""
    if match is None or match.plan_weekday is None or match.plan_part is None:
        return ""
    values = {"day": _(_DAYS[match.plan_weekday]), "part": _(_PARTS[match.plan_part])}
    if match.plan_weeks == 2:
        return _("Om de twee weken op %(day)s, %(part)s.", **values)
    return _("Elke week op %(day)s, %(part)s.", **values)


def _before(one: HalfDay, by_id: Mapping[int, HalfDay]) -> Iterator[HalfDay]:
    while one.replaces_id is not None:
        one = by_id[one.replaces_id]
        yield one


def _stood(one: HalfDay, names: _Names) -> str:
    assert one.replaced_at is not None
    return _(
        "Tot %(when)s stond hier: %(day)s, %(what)s. Verbeterd door %(who)s.",
        when=moment(one.replaced_at),
        day=long_date(one.on),
        what=_(LABELS[one.what]),
        who=names.get(one.replaced_by_id, ""),
    )
