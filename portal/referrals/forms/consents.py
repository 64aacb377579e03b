"""What a coordinator notes when a family changes what may be shared."""

from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import (
    CheckboxesField,
    DayField,
    RadioField,
    SelectField,
    YesNoField,
)
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.choices import (
    FEEDBACK,
    GIVEN_BY,
    INDICATORS,
    LANGUAGES,
    MANNERS_LATER,
    Feedback,
)
from portal.referrals.consents import NO, YES, Purpose, Said
from portal.referrals.forms.decide import NOTE_LENGTH, DecisionForm
from portal.referrals.models import Referral


class SaidForm(DecisionForm):
    """How the family let it be known."""

    given_by = RadioField(lazy_gettext("Wie zei het?"), [Required()], choices=choices_of(GIVEN_BY))
    given_on = DayField(lazy_gettext("Wanneer?"), [Required()], default=clock.today)
    manner = RadioField(lazy_gettext("Hoe?"), [Required()], choices=choices_of(MANNERS_LATER))
    language = SelectField(
        lazy_gettext("In welke taal spraken jullie?"),
        [Required()],
        choices=choices_of(LANGUAGES),
        default="nl",
    )
    note = wtforms.TextAreaField(
        lazy_gettext("Notitie voor de afdeling"), [Length(max=NOTE_LENGTH)]
    )

    def said(self, text_version: str) -> Said:
        """Return how it was said, once the form is valid."""
        assert self.given_on.data is not None
        return Said(
            self.given_by.data,
            self.given_on.data,
            self.manner.data,
            self.language.data,
            text_version,
        )


class ConsentChangeForm(SaidForm):
    """What may be shared from now on; nothing is asked of a referrer where there is none."""

    situation = YesNoField(lazy_gettext("Hun situatie en hun vraag"), [Required()])
    health = YesNoField(lazy_gettext("Gezondheid, voor zover nodig"), [Required()])
    health_codes = CheckboxesField(
        lazy_gettext("Wat mag je noteren?"),
        choices=lambda: [(i.code, gettext(i.label)) for i in INDICATORS if i.health],
    )
    feedback = RadioField(
        lazy_gettext("Wat de verwijzer mag horen"),
        [Required()],
        choices=choices_of(FEEDBACK),
        coerce=Feedback,
    )

    def __init__(self, referral: Referral, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if referral.sender_id is None:
            del self.feedback

    def answers(self) -> dict[Purpose, str]:
        """Return what the family now says, purpose by purpose."""
        found = {
            Purpose.SITUATION: YES if self.situation.data else NO,
            Purpose.HEALTH: YES if self.health.data else NO,
        }
        if "feedback" in self:
            found[Purpose.FEEDBACK] = str(self.feedback.data)
        return found
