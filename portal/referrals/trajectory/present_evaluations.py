"""Evaluations as they are read: the scores over time by dimension, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock
from portal.core.i18n import long_date
from portal.referrals.models import Referral
from portal.referrals.senders import names_of
from portal.referrals.trajectory.dimensions import ASKED, UNANSWERED, Dimension, Unanswered
from portal.referrals.trajectory.evaluations import (
    BETWEEN,
    END,
    START,
    Evaluation,
    moment_due,
)

Point = tuple[str, int | None]


@dataclass(frozen=True)
class Chart:
    """The scores of one dimension over time; a point without score was not answered."""

    key: str
    label: str
    points: list[Point]


@dataclass(frozen=True)
class Told:
    """One evaluation in words. `answers`: of each dimension, in the order of the charts."""

    id: int
    label: str
    short: str
    on: date
    who: str
    answers: list[str]
    remarks: str
    corrected: bool


@dataclass(frozen=True)
class Due:
    """The evaluation that is due."""

    label: str
    on: date
    late: bool


def label(moment: str) -> str:
    """Return the name of a moment: "Na 3 maanden"."""
    fixed = {START: _("Bij de start"), BETWEEN: _("Tussendoor"), END: _("Slotevaluatie")}
    if moment in fixed:
        return fixed[moment]
    months = int(moment.removeprefix("m"))
    return ngettext("Na %(num)d maand", "Na %(num)d maanden", months)


def short(moment: str) -> str:
    """Return a moment as it stands under a chart: "3 m"."""
    fixed = {START: _("start"), BETWEEN: _("tussen"), END: _("slot")}
    return fixed.get(moment) or _("%(months)s m", months=moment.removeprefix("m"))


def due(referral: Referral) -> Due | None:
    """Return the evaluation that is due or comes next."""
    moment, on = moment_due(referral), referral.evaluation_due_on
    if moment is None or on is None:
        return None
    return Due(label(moment), on, on < clock.today())


def charts(found: Sequence[Evaluation]) -> list[Chart]:
    """Return a chart for each dimension that was ever scored, from those that count, in order."""
    scored = {one.id: {s.dimension: s.score for s in one.scores} for one in found}
    drawn = [
        Chart(
            dimension.value,
            _(ASKED[dimension].label),
            [(short(one.moment), scored[one.id].get(dimension)) for one in found],
        )
        for dimension in Dimension
    ]
    return [one for one in drawn if any(score is not None for _label, score in one.points)]


def told(found: Sequence[Evaluation], corrected: frozenset[str] = frozenset()) -> list[Told]:
    """Return the evaluations in words, in the order given."""
    names = names_of(one.account_id for one in found)
    return [
        Told(
            one.id,
            label(one.moment),
            short(one.moment),
            one.on,
            names.get(one.account_id, ""),
            _answers(one),
            one.remarks or "",
            one.moment in corrected,
        )
        for one in found
    ]


def dimension_labels() -> list[str]:
    """Return the names of the dimensions, in the order of the answers."""
    return [_(ASKED[dimension].label) for dimension in Dimension]


def _answers(one: Evaluation) -> list[str]:
    known = {score.dimension: score.answer for score in one.scores}
    answers = (known.get(dimension, Unanswered.NOT_ASKED) for dimension in Dimension)
    return [_(UNANSWERED[a]) if isinstance(a, Unanswered) else str(a) for a in answers]


def sentence(one: Due) -> str:
    """Return when which evaluation is due."""
    values = {"which": one.label, "day": long_date(one.on)}
    if one.late:
        return _("%(which)s: had er tegen %(day)s moeten zijn.", **values)
    return _("%(which)s: tegen %(day)s.", **values)
