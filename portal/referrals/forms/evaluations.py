"""An evaluation with the parents: the moment, their own scores, and what was said."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import DayField, RadioField
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.forms.decide import NOTE_LENGTH, DecisionForm
from portal.referrals.trajectory.dimensions import ASKED, BEST, UNANSWERED, Dimension, Unanswered
from portal.referrals.trajectory.evaluations import Answer, Told

_CHOICES = {**{score: str(score) for score in range(BEST + 1)}, **UNANSWERED}


def _answer(value: Any) -> Answer:
    text = str(value)
    return int(text) if text.isdigit() else Unanswered(text)


class EvaluationForm(DecisionForm):
    """`moments`: (code, label) of those that may be chosen; none where one is put right.

    A field for each dimension is added below.
    """

    moment = RadioField(lazy_gettext("Welke evaluatie is dit?"), [Required()])
    on = DayField(lazy_gettext("Datum van het gesprek"), [Required()], default=clock.today)
    remarks = wtforms.TextAreaField(
        lazy_gettext("Wat het gezin erover vertelde"), [Length(max=NOTE_LENGTH)]
    )

    def __init__(self, *args: Any, moments: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.moment.choices = moments
        if not moments:
            del self.moment

    @property
    def score_fields(self) -> list[Any]:
        """The questions, in their order."""
        return [self[dimension.value] for dimension in Dimension]

    def told(self, moment: str = "") -> Told:
        """Return what was filled in, once the form is valid; `moment` where it is not asked."""
        assert self.on.data is not None
        return Told(
            moment or self.moment.data or "",
            self.on.data,
            {one: self._answered(one) for one in Dimension},
            self.remarks.data or "",
        )

    def _answered(self, dimension: Dimension) -> Answer:
        answer: Answer | None = self[dimension.value].data
        return Unanswered.NOT_ASKED if answer is None else answer


for _dimension, _asked in ASKED.items():
    setattr(
        EvaluationForm,
        _dimension.value,
        RadioField(
            lazy_gettext(_asked.label),
            choices=choices_of(_CHOICES),
            coerce=_answer,
            default=Unanswered.NOT_ASKED,
        ),
    )
