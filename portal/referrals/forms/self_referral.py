"""What a parent fills in who asks for herself: one page, in words everybody knows."""

from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.fields import (
    CheckboxesField,
    EmailField,
    PhoneField,
    RadioField,
    SelectField,
    YesNoField,
)
from portal.core.forms import OnceForm, Required, choices_of, no_national_number
from portal.core.honeypot import HoneypotForm
from portal.core.i18n import N_, lazy_gettext
from portal.referrals.choices import (
    GIVEN_BY_SELF,
    LANGUAGES,
    MANNER_ONLINE,
    TASKS_HERSELF,
    Feedback,
)
from portal.referrals.filled import (
    Child,
    ConsentGiven,
    Household,
    Identity,
    Practical,
    Referrer,
    Situation,
    Submission,
)
from portal.referrals.forms.step import ask
from portal.referrals.forms.submit_family import (
    MOST_CHILDREN,
    ChildForm,
    FamilyForm,
    coming_months,
)

# A field of the professionals' form that this one does without.
_NONE: Any = None
_ONLY_WHEN_KEPT = (
    "first_name",
    "last_name",
    "phone",
    "call_moment",
    "email",
    "language",
    "other_language",
    "interpreter",
    "help",
    "question",
)


class SelfReferralForm(HoneypotForm, OnceForm, FamilyForm):
    """The family step, asked of a parent: in her words, and with less."""

    municipality = wtforms.StringField(lazy_gettext("In welke gemeente woon je?"), [Required()])
    nis = wtforms.HiddenField()
    which = RadioField(lazy_gettext("Welke gemeente bedoel je?"))
    postcode = RadioField(lazy_gettext("Welke postcode?"))
    kept_when_unserved = YesNoField(
        lazy_gettext("Mogen we je bellen als er Home-Start komt in jouw gemeente?")
    )
    help = CheckboxesField(lazy_gettext("Wat zou jou helpen?"), choices=choices_of(TASKS_HERSELF))
    question = wtforms.TextAreaField(
        lazy_gettext("Wil je er zelf iets over vertellen?"), [Length(max=1000)]
    )
    children = wtforms.FieldList(
        wtforms.FormField(ChildForm), lazy_gettext("Kinderen"), max_entries=MOST_CHILDREN
    )
    pregnant = YesNoField(lazy_gettext("Ben je zwanger, of je partner?"), [Required()])
    due = SelectField(
        lazy_gettext("Wanneer komt de baby?"),
        choices=coming_months,
        blank=lazy_gettext("Kies een maand"),
    )
    first_name = wtforms.StringField(
        lazy_gettext("Je voornaam"),
        [Required(), Length(max=60)],
        render_kw={"autocomplete": "given-name"},
    )
    last_name = wtforms.StringField(
        lazy_gettext("Je familienaam"),
        [Required(), Length(max=80)],
        render_kw={"autocomplete": "family-name"},
    )
    phone = PhoneField(
        lazy_gettext("Je telefoonnummer"),
        [Required(), no_national_number],
        render_kw={"autocomplete": "tel"},
    )
    call_moment = wtforms.StringField(
        lazy_gettext("Wanneer kunnen we je veilig bellen?"), [Required(), Length(max=200)]
    )
    language = SelectField(
        lazy_gettext("In welke taal praat je het liefst?"),
        [Required()],
        choices=choices_of(LANGUAGES),
        default="nl",
    )
    other_language = wtforms.StringField(lazy_gettext("Welke taal?"), [Length(max=60)])
    interpreter = YesNoField(lazy_gettext("Wil je een tolk?"), [Required()])
    email = EmailField(
        lazy_gettext("Je e-mailadres"),
        [no_national_number],
        render_kw={"autocomplete": "email"},
    )
    agrees = wtforms.BooleanField(
        lazy_gettext("Ik heb dit gelezen en ik ga akkoord"),
        [Required(lazy_gettext("Aanmelden kan alleen als je akkoord gaat."))],
    )
    contact_mode = _NONE
    adults = _NONE
    online = _NONE

    @property
    def not_asked(self) -> tuple[str, ...]:
        return _ONLY_WHEN_KEPT if self.counted_only else ()

    def validate_phone(self, field: Any) -> None:
        """A number is asked of everybody here; nothing more to say."""

    def validate_call_moment(self, field: Any) -> None:
        """Asked of everybody here; nothing more to say."""

    def validate_other_language(self, field: Any) -> None:
        if self.language.data == "other":
            ask(field, gettext("Schrijf welke taal."))

    def check_rules(self) -> None:
        super().check_rules()
        if not (self.counted_only or self.help.data or self.question.data):
            raise DomainError(N_("Kies minstens één ding, of schrijf het zelf op."), "help")

    def identity(self) -> Identity:
        """Return who to call, once the form is valid."""
        return Identity(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            contact_mode="may_call",
            call_moment=self.call_moment.data or "",
        )

    def household(self) -> Household:
        """Return who lives there, as far as it was asked, once the form is valid."""
        other = self.language.data == "other"
        return Household(
            adults=None,
            children=tuple(Child(row.born, row.first_name.data or "") for row in self.rows()),
            due=self.expected_on,
            language=self.language.data or "",
            other_language=(self.other_language.data or "") if other else "",
            interpreter=bool(self.interpreter.data),
            online=None,
        )

    def submission(self) -> Submission:
        """Return everything a parent asked, once the form is valid."""
        assert self.where.municipality is not None
        assert self.where.postcode is not None
        return Submission(
            referrer=Referrer("", "", "", stays_involved=False, wants_feedback=False),
            consent=ConsentGiven(
                informed=True,
                agrees=bool(self.agrees.data),
                given_by=GIVEN_BY_SELF,
                given_on=clock.today(),
                manner=MANNER_ONLINE,
                language="nl",
                leaflet_given=False,
                shares_health=False,
                feedback=Feedback.OUTCOME,
                kept_when_unserved=self.unserved and not self.counted_only,
                secrecy_lines=(),
            ),
            nis=self.where.municipality.nis,
            postcode=self.where.postcode,
            identity=self.identity(),
            household=self.household(),
            situation=Situation(
                indicators=(),
                tasks=tuple(self.help.data or ()),
                question=self.question.data or "",
                strengths="",
            ),
            practical=Practical("", "", "", known_risk=False),
        )
