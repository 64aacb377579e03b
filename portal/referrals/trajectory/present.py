"""A trajectory as its branch reads it. Knows no web; what a person typed stays text of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.core.i18n import long_date
from portal.referrals.choices import TASK_LABELS
from portal.referrals.present import Row, task_rows
from portal.referrals.trajectory.goals import OCCASIONS, Shown
from portal.referrals.trajectory.guidance import (
    AUDIENCES,
    MANNERS,
    RESULTS,
    SECTORS,
    Guidance,
    Result,
)


@dataclass(frozen=True)
class Goals:
    """A choice of goals. `groups`: what the family works on; `changes`: compared with before."""

    label: str
    own_words: str
    groups: list[Row]
    changes: list[Row]


def goals(history: Sequence[Shown]) -> list[Goals]:
    """Return the choices as they are read, the latest first as they are given."""
    return [
        Goals(
            " · ".join(
                part for part in (_(OCCASIONS[one.occasion]), long_date(one.on), one.who) if part
            ),
            one.own_words,
            task_rows(one.tasks),
            _changes(one, first=one is history[-1]),
        )
        for one in history
    ]


def _changes(one: Shown, *, first: bool) -> list[Row]:
    stayed = [code for code in one.tasks if code not in one.new]
    parts = (
        (_("Nieuw"), one.new),
        (_("Bereikt"), one.reached),
        (_("Niet meer"), one.left),
        (_("Gekozen") if first else _("Gebleven"), stayed),
    )
    return [Row(label, [_(TASK_LABELS[code]) for code in codes]) for label, codes in parts if codes]


@dataclass(frozen=True)
class Led:
    """Where a family was led to, in words."""

    id: int
    sector: str
    offer: str
    details: str
    result: str
    tone: str
    result_on: date | None


def guidance(found: Sequence[Guidance]) -> list[Led]:
    """Return where a family was led to, in the order given."""
    return [
        Led(
            one.id,
            _(SECTORS[one.sector]),
            one.offer or "",
            " · ".join((long_date(one.on), _(AUDIENCES[one.audience]), _(MANNERS[one.manner]))),
            _(RESULTS[one.result]),
            _TONES[one.result],
            one.result_on,
        )
        for one in found
    ]


_TONES = {
    Result.OPEN: "neutral",
    Result.TAKES_PART: "success",
    Result.WAITING_LIST: "info",
    Result.FAILED: "warning",
}
