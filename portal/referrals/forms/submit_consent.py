"""Step 1: who refers, that this is no crisis, and what the family agreed to."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.fields import DayField, PhoneField, RadioField, SelectField, YesNoField
from portal.core.forms import Required, choices_of, no_national_number, show_error
from portal.core.i18n import N_, lazy_gettext
from portal.referrals import rules
from portal.referrals.choices import GIVEN_BY, LANGUAGES, MANNERS, RELATIONS, Feedback
from portal.referrals.filled import ConsentGiven, Referrer
from portal.referrals.forms.step import StepForm

# As a parent would say it: the referrer reads these aloud.
FEEDBACK_SPOKEN = {
    Feedback.OUTCOME: N_("“Mijn verwijzer mag horen hoe het loopt en hoe het afloopt.”"),
    Feedback.STATUS: N_("“Mijn verwijzer mag horen hoever het staat, meer niet.”"),
    Feedback.NONE: N_(
        "“Mijn verwijzer hoeft alleen te weten dat de vraag aankwam en afgehandeld is.”"
    ),
}


class ConsentForm(StepForm):
    """About the referrer and the consent of the family."""

    crisis = YesNoField(lazy_gettext("Is er nu een crisis of acuut gevaar?"), [Required()])
    court_measure = YesNoField(
        lazy_gettext("Loopt er een gerechtelijke maatregel voor een kind van dit gezin?"),
        [Required()],
    )
    function = wtforms.StringField(lazy_gettext("Je functie"), [Required(), Length(max=80)])
    phone = PhoneField(lazy_gettext("Je telefoonnummer"), [Required(), no_national_number])
    relation = RadioField(
        lazy_gettext("Hoe ken je dit gezin?"), [Required()], choices=choices_of(RELATIONS)
    )
    stays_involved = YesNoField(lazy_gettext("Blijf je zelf betrokken?"), [Required()])
    informed = wtforms.BooleanField(
        lazy_gettext("Het gezin weet wat ik doorgeef, aan wie en waarom"),
        [Required(lazy_gettext("Verwijzen kan alleen als het gezin geïnformeerd is."))],
    )
    agrees = wtforms.BooleanField(
        lazy_gettext("Het gezin gaat akkoord met deze verwijzing"),
        [Required(lazy_gettext("Verwijzen kan alleen als het gezin instemt."))],
    )
    given_by = RadioField(
        lazy_gettext("Wie ging akkoord?"), [Required()], choices=choices_of(GIVEN_BY)
    )
    given_on = DayField(lazy_gettext("Wanneer?"), [Required()], default=clock.today)
    manner = RadioField(lazy_gettext("Hoe?"), [Required()], choices=choices_of(MANNERS))
    language = SelectField(
        lazy_gettext("In welke taal legde je het uit?"),
        [Required()],
        choices=choices_of(LANGUAGES),
        default="nl",
    )
    leaflet_given = YesNoField(lazy_gettext("Gaf je de folder mee?"), [Required()])
    shares_health = YesNoField(
        lazy_gettext("Mag je ook iets over gezondheid doorgeven?"), [Required()]
    )
    feedback = RadioField(
        lazy_gettext("Wat mag jij later nog horen?"),
        [Required()],
        choices=choices_of(FEEDBACK_SPOKEN),
        coerce=Feedback,
    )
    wants_feedback = YesNoField(lazy_gettext("Wil je daarover een mail krijgen?"), [Required()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Stop at a crisis or a court measure: then nothing else on the form matters."""
        try:
            rules.check_boundaries(bool(self.crisis.data), bool(self.court_measure.data))
        except DomainError as error:
            show_error(self, error)
            return False
        return super().validate(extra_validators)

    def check_rules(self) -> None:
        rules.check_consent(self.consent())

    def referrer(self) -> Referrer:
        """Return who refers, once the form is valid."""
        return Referrer(
            function=self.function.data or "",
            phone=self.phone.data or "",
            relation=self.relation.data,
            stays_involved=bool(self.stays_involved.data),
            wants_feedback=bool(self.wants_feedback.data),
        )

    def consent(
        self, *, kept_when_unserved: bool = False, secrecy_lines: tuple[str, ...] = ()
    ) -> ConsentGiven:
        """Return what the family agreed to; the two other parts come from later steps."""
        assert self.given_on.data is not None
        return ConsentGiven(
            informed=bool(self.informed.data),
            agrees=bool(self.agrees.data),
            given_by=self.given_by.data,
            given_on=self.given_on.data,
            manner=self.manner.data,
            language=self.language.data,
            leaflet_given=bool(self.leaflet_given.data),
            shares_health=bool(self.shares_health.data),
            feedback=self.feedback.data,
            kept_when_unserved=kept_when_unserved,
            secrecy_lines=secrecy_lines,
        )
