"""Step 4: what helps with the first visit at home."""

import wtforms
from wtforms.validators import Length

from portal.core.fields import RadioField, YesNoField
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.choices import YES_NO_UNKNOWN
from portal.referrals.filled import Practical
from portal.referrals.forms.step import StepForm

_CHOICES = choices_of(YES_NO_UNKNOWN)


class PracticalForm(StepForm):
    """Quick questions; "I do not know" is an answer."""

    at_school = RadioField(
        lazy_gettext("Gaan de kinderen naar de opvang of naar school?"),
        [Required()],
        choices=_CHOICES,
    )
    referred_before = RadioField(
        lazy_gettext("Werd het gezin al eens bij Home-Start aangemeld?"),
        [Required()],
        choices=_CHOICES,
    )
    pets = RadioField(lazy_gettext("Zijn er huisdieren?"), [Required()], choices=_CHOICES)
    smoking = RadioField(lazy_gettext("Wordt er binnen gerookt?"), [Required()], choices=_CHOICES)
    access = wtforms.StringField(
        lazy_gettext("Is er iets bijzonders om binnen te geraken?"), [Length(max=200)]
    )
    known_risk = YesNoField(
        lazy_gettext("Is er een bekend risico voor wie op huisbezoek komt?"), [Required()]
    )

    def practical(self) -> Practical:
        """Return the practical points, once the form is valid."""
        return Practical(
            pets=self.pets.data or "",
            smoking=self.smoking.data or "",
            access=self.access.data or "",
            known_risk=bool(self.known_risk.data),
        )
