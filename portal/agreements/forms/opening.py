"""What begins a draft: the package, who with, and for how long."""

import wtforms
from wtforms.validators import Length, NumberRange

from portal.agreements.drafting_checks import LONGEST_YEARS
from portal.agreements.terms import Formula
from portal.core.fields import DayField, NumberField, RadioField
from portal.core.forms import OnceForm, Required, choices_of
from portal.core.i18n import lazy_gettext


class OpenDraftForm(OnceForm):
    """A new draft."""

    formula = RadioField(lazy_gettext("Pakket"), [Required()], choices=choices_of(Formula))
    partner = wtforms.StringField(lazy_gettext("Eerste partner"), [Required(), Length(max=200)])
    partner_id = wtforms.HiddenField()
    starts_on = DayField(lazy_gettext("Eerste dag"), [Required()])
    years = NumberField(
        lazy_gettext("Aantal jaren"), [Required(), NumberRange(1, LONGEST_YEARS)], default=3
    )
    title = wtforms.StringField(lazy_gettext("Titel"), [Length(max=200)])
