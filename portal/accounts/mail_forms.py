"""How often one wants mail."""

from typing import Any

import flask_babel
from flask_babel import gettext

from portal.accounts.mail_choices import RHYTHMS, WEEKDAYS, Chosen, Rhythm
from portal.core.fields import RadioField, SelectField, YesNoField
from portal.core.forms import BaseForm, Required

# A label may be a text for later; the hints of WTForms say str.
lazy_gettext: Any = flask_babel.lazy_gettext


class MailForm(BaseForm):
    rhythm = RadioField(
        lazy_gettext("Hoe wil je mails krijgen?"),
        [Required()],
        choices=lambda: [(code, gettext(label)) for code, label in RHYTHMS.items()],
        coerce=Rhythm,
    )
    weekday = SelectField(
        lazy_gettext("Op welke dag?"),
        choices=lambda: [(day, gettext(label)) for day, label in WEEKDAYS.items()],
        coerce=int,
    )
    urgent_at_once = YesNoField(
        lazy_gettext("Wil je mails die iets van je vragen toch meteen krijgen?")
    )

    def chosen(self) -> Chosen:
        """Return the choice, once the form is valid; what was not asked keeps its default."""
        urgent = self.urgent_at_once.data
        return Chosen(
            self.rhythm.data,
            self.weekday.data if self.weekday.data is not None else Chosen.weekday,
            Chosen.urgent_at_once if urgent is None else urgent,
        )
