"""The goals of a family: tasks from three groups, what is reached, and its own words."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import CheckboxesField, DayField, RadioField
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.choices import TASK_GROUPS, TASK_LABELS
from portal.referrals.forms.decide import DecisionForm
from portal.referrals.forms.submit_request import TASK_FIELDS, task_group
from portal.referrals.trajectory.goals import OCCASIONS, Chosen, Occasion

OWN_WORDS_LENGTH = 1000


class GoalsForm(DecisionForm):
    """`current`: the goals there are, which may have been reached."""

    upbringing = task_group(0)
    network = task_group(1)
    rights = task_group(2)
    reached = CheckboxesField(lazy_gettext("Welke doelen zijn bereikt?"))
    own_words = wtforms.TextAreaField(
        lazy_gettext("In de woorden van het gezin"), [Length(max=OWN_WORDS_LENGTH)]
    )
    occasion = RadioField(
        lazy_gettext("Wanneer koos het gezin dit?"),
        [Required()],
        choices=choices_of(OCCASIONS),
        coerce=Occasion,
    )
    on = DayField(lazy_gettext("Datum"), [Required()], default=clock.today)

    def __init__(self, *args: Any, current: list[str], **values: Any) -> None:
        super().__init__(*args, **values)
        self.reached.choices = choices_of({code: TASK_LABELS[code] for code in current})()
        if not current:
            del self.reached

    def chosen(self) -> Chosen:
        """Return what was filled in, once the form is valid."""
        assert self.on.data is not None
        ticked = (code for name in TASK_FIELDS for code in self[name].data or ())
        return Chosen(
            self.on.data,
            Occasion(self.occasion.data),
            frozenset(ticked),
            frozenset(self.reached.data or ()) if "reached" in self else frozenset(),
            self.own_words.data or "",
        )


def start_with(tasks: list[str]) -> dict[str, list[str]]:
    """Return which boxes are ticked when the form opens, by field."""
    groups = zip(TASK_FIELDS, TASK_GROUPS.values(), strict=True)
    return {name: [code for code in tasks if code in group] for name, group in groups}
