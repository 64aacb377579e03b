"""Half-days: the one agreed on, those of several weeks at once, and one put right."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext

from portal.core import clock
from portal.core.fields import DayField, RadioField, SelectField
from portal.core.forms import Required, choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.referrals.forms.decide import DecisionForm
from portal.referrals.forms.step import StepForm
from portal.referrals.models import DayPart, Match
from portal.referrals.trajectory.half_days import LABELS, MOST_WEEKS, Agreed, Entry, What

WEEKDAYS = (
    N_("Maandag"), N_("Dinsdag"), N_("Woensdag"), N_("Donderdag"),
    N_("Vrijdag"), N_("Zaterdag"), N_("Zondag"),
)  # fmt: skip
PARTS = {
    DayPart.MORNING: N_("Voormiddag"),
    DayPart.AFTERNOON: N_("Namiddag"),
    DayPart.EVENING: N_("Avond"),
}
RHYTHMS = {1: N_("Elke week"), 2: N_("Om de twee weken")}
MISTAKE = "mistake"


class PlanHalfDayForm(DecisionForm):
    weekday = RadioField(
        lazy_gettext("Dag"), [Required()], choices=choices_of(dict(enumerate(WEEKDAYS))), coerce=int
    )
    part = RadioField(
        lazy_gettext("Dagdeel"), [Required()], choices=choices_of(PARTS), coerce=DayPart
    )
    weeks = RadioField(
        lazy_gettext("Hoe vaak?"), [Required()], choices=choices_of(RHYTHMS), coerce=int, default=1
    )

    def agreed(self) -> Agreed:
        """Return what was filled in, once the form is valid."""
        return Agreed(self.weekday.data, self.part.data, self.weeks.data)


def start_with(match: Match) -> dict[str, Any]:
    """Return what the form begins with: what was agreed, else the day of the first visit."""
    first = match.started_on
    weekday = first.weekday() if match.plan_weekday is None and first else match.plan_weekday
    return {"weekday": weekday, "part": match.plan_part, "weeks": match.plan_weeks or 1}


class HalfDayForm(StepForm):
    """One row. A day that nothing is said of stays open."""

    on = DayField(lazy_gettext("Datum"))
    what = SelectField(
        lazy_gettext("Wat was het?"),
        choices=choices_of(LABELS),
        coerce=What,
        blank=lazy_gettext("Nog niet ingevuld"),
    )

    def validate_on(self, field: Any) -> None:
        if self.what.data is not None and field.data is None and not field.process_errors:
            field.errors = []
            Required(gettext("Vul de datum in."))(self, field)


class HalfDaysForm(DecisionForm):
    """A row for each open week, and one more; `rest` is said of the weeks left open."""

    rows = wtforms.FieldList(
        wtforms.FormField(HalfDayForm), lazy_gettext("Dagdelen"), max_entries=MOST_WEEKS + 1
    )
    rest = SelectField(
        lazy_gettext("En de weken die je hierboven open laat?"),
        choices=choices_of(LABELS),
        coerce=What,
        blank=lazy_gettext("Die vul ik later in"),
    )

    def __init__(self, *args: Any, days: list[date], **values: Any) -> None:
        super().__init__(*args, **values)
        if not self.is_submitted():
            for day in (*days, None):
                self.rows.append_entry({"on": day, "what": None})

    def entries(self) -> list[Entry]:
        """Return what was filled in, once the form is valid."""
        found = []
        for row in self.rows.entries:
            what = row.form.what.data or self.rest.data
            if row.form.on.data is not None and what is not None:
                found.append(Entry(row.form.on.data, what, row.form.on.name))
        return found


class CorrectHalfDayForm(DecisionForm):
    on = DayField(lazy_gettext("Datum"), [Required()], default=clock.today)
    what = RadioField(
        lazy_gettext("Wat was het?"),
        [Required()],
        choices=choices_of({**LABELS, MISTAKE: N_("Niets: dit is per vergissing ingevuld")}),
    )

    @property
    def corrected(self) -> What | None:
        """What it was; None when it was entered by mistake."""
        return None if self.what.data == MISTAKE else What(self.what.data)
