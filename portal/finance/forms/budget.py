"""What is filled in about a budget as a whole: which year to open, thresholds, forecasts."""

import wtforms
from wtforms.validators import Length, NumberRange

from portal.core.amount_fields import AmountField
from portal.core.fields import NumberField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm
from portal.core.i18n import lazy_gettext


class OpenYearForm(OnceForm):
    """Which year of which agreement to open."""

    year = SelectField(
        lazy_gettext("Jaar"), [Required()], coerce=int, blank=lazy_gettext("Kies een jaar")
    )


class AgainForm(VersionedForm):
    """A button that draws the budget up again."""


class ThresholdsForm(VersionedForm):
    """At how much of a line a warning comes."""

    warn_at = NumberField(
        lazy_gettext("Eerste drempel (%)"), [Required(), NumberRange(min=1, max=200)]
    )
    alarm_at = NumberField(
        lazy_gettext("Tweede drempel (%)"), [Required(), NumberRange(min=1, max=200)]
    )


class ForecastForm(BaseForm):
    """What a person expects of a line at the end of the year."""

    cents = AmountField(lazy_gettext("Verwacht op het einde van het jaar"))
    reason = wtforms.StringField(lazy_gettext("Waarom?"), [Required(), Length(max=300)])
