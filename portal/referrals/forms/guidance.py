"""Where a family was led to, and what came of it."""

import wtforms
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import DayField, RadioField, SelectField
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.forms.decide import DecisionForm
from portal.referrals.trajectory.guidance import (
    AUDIENCES,
    MANNERS,
    RESULTS,
    SECTORS,
    Audience,
    Led,
    Manner,
    Result,
    Sector,
)

OFFER_LENGTH = 120


class GuidanceForm(DecisionForm):
    sector = SelectField(
        lazy_gettext("Waarnaartoe?"),
        [Required()],
        choices=choices_of(SECTORS),
        coerce=Sector,
        blank=lazy_gettext("Kies"),
    )
    offer = wtforms.StringField(lazy_gettext("Welk aanbod?"), [Length(max=OFFER_LENGTH)])
    audience = RadioField(
        lazy_gettext("Voor wie?"), [Required()], choices=choices_of(AUDIENCES), coerce=Audience
    )
    manner = RadioField(
        lazy_gettext("Hoe?"), [Required()], choices=choices_of(MANNERS), coerce=Manner
    )
    result = RadioField(
        lazy_gettext("Wat kwam ervan?"),
        [Required()],
        choices=choices_of(RESULTS),
        coerce=Result,
        default=Result.OPEN,
    )
    on = DayField(lazy_gettext("Datum"), [Required()], default=clock.today)

    def led(self) -> Led:
        """Return what was filled in, once the form is valid."""
        assert self.on.data is not None
        return Led(
            self.on.data,
            Sector(self.sector.data),
            Audience(self.audience.data),
            Manner(self.manner.data),
            Result(self.result.data),
            self.offer.data or "",
        )


class ResultForm(DecisionForm):
    result = RadioField(
        lazy_gettext("Wat kwam ervan?"), [Required()], choices=choices_of(RESULTS), coerce=Result
    )
    on = DayField(lazy_gettext("Sinds wanneer weet je dat?"), [Required()], default=clock.today)
