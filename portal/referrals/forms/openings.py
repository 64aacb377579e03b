"""What the family answers now that there is a branch where it lives."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import DayField, RadioField
from portal.core.forms import Required, choices_of
from portal.referrals.forms.decide import NOTE_LENGTH, DecisionForm, lazy_gettext
from portal.referrals.forms.step import ask
from portal.referrals.openings import SAID_BY, SAID_HOW, SaidYes


class OpeningForm(DecisionForm):
    answer = RadioField(
        lazy_gettext("Wat antwoordt het gezin?"),
        [Required()],
        choices=[
            ("ja", lazy_gettext("Ja, het wil nog steun van Home-Start")),
            ("nee", lazy_gettext("Nee, het wil niet meer op de lijst staan")),
        ],
    )
    on = DayField(lazy_gettext("Wanneer?"), [Required()], default=clock.today)
    by = RadioField(lazy_gettext("Wie zei ja?"), choices=choices_of(SAID_BY))
    manner = RadioField(lazy_gettext("Hoe?"), choices=choices_of(SAID_HOW))
    note = wtforms.TextAreaField(
        lazy_gettext("Notitie voor de afdeling"), [Length(max=NOTE_LENGTH)]
    )

    @property
    def says_yes(self) -> bool:
        """Whether the family wants to go on."""
        return self.answer.data == "ja"

    def validate_by(self, field: Any) -> None:
        if self.says_yes:
            ask(field)

    def validate_manner(self, field: Any) -> None:
        if self.says_yes:
            ask(field)

    def said(self) -> SaidYes:
        """Return the yes as it is noted, once the form is valid."""
        assert self.on.data is not None
        return SaidYes(self.on.data, self.by.data, self.manner.data, self.note.data or "")
