"""What somebody without an account fills in, and what HSV answers."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, NumberRange, StopValidation

from portal.agreements import governments, scenarios
from portal.agreements.drafting import Opening
from portal.agreements.drafting_checks import LONGEST_YEARS
from portal.agreements.enquiries import Question
from portal.agreements.enquiry_choices import BUDGET, KINDS, SUPPORT
from portal.agreements.scenarios import Snapshot
from portal.agreements.terms import Formula
from portal.core.errors import DomainError
from portal.core.fields import (
    CheckboxesField,
    DayField,
    EmailField,
    NumberField,
    PhoneField,
    RadioField,
    SelectField,
)
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm, choices_of
from portal.core.i18n import language, lazy_gettext
from portal.directory.models import Organisation
from portal.directory.municipalities import pick_municipality

UNSURE = ""


class AskForm(OnceForm):
    """A question about working together."""

    name = wtforms.StringField(lazy_gettext("Je naam"), [Required(), Length(max=120)])
    function = wtforms.StringField(lazy_gettext("Je functie"), [Required(), Length(max=120)])
    email = EmailField(lazy_gettext("Je e-mailadres"), [Required()])
    phone = PhoneField(lazy_gettext("Je telefoonnummer"))
    organisation = wtforms.StringField(
        lazy_gettext("Voor welk bestuur of welke organisatie werk je?"),
        [Required(), Length(max=160)],
    )
    organisation_id = wtforms.HiddenField()
    kind = SelectField(
        lazy_gettext("Wat voor organisatie is dat?"),
        choices=choices_of(KINDS),
        blank=lazy_gettext("Kies een soort"),
    )
    municipalities = wtforms.StringField(
        lazy_gettext("Voor welke gemeente of gemeenten?"), [Required(), Length(max=800)]
    )
    formula = RadioField(
        lazy_gettext("Welk pakket spreekt je aan?"),
        choices=lambda: [
            *choices_of(Formula)(),
            (UNSURE, gettext("Dat weet ik nog niet")),
        ],
        default=UNSURE,
    )
    partners = wtforms.TextAreaField(
        lazy_gettext("Welke partners doen of denken mee?"), [Length(max=1000)]
    )
    support = RadioField(
        lazy_gettext("Is er draagvlak voor een Home-Startwerking?"),
        [Required()],
        choices=choices_of(SUPPORT),
    )
    support_text = wtforms.TextAreaField(lazy_gettext("Toelichting"), [Length(max=1000)])
    budget = RadioField(
        lazy_gettext("Is er budget voor een minimale opstart?"),
        [Required()],
        choices=choices_of(BUDGET),
    )
    budget_text = wtforms.TextAreaField(lazy_gettext("Toelichting"), [Length(max=1000)])
    initiatives = wtforms.TextAreaField(
        lazy_gettext("Welke initiatieven zijn er al voor gezinnen?"), [Length(max=1500)]
    )
    remarks = wtforms.TextAreaField(
        lazy_gettext("Wat wil je nog vragen of vertellen?"), [Length(max=2000)]
    )
    scenario = wtforms.HiddenField()
    website = wtforms.StringField(lazy_gettext("Laat dit leeg"))  # people do; programs do not

    @classmethod
    def about(cls, snapshot: Snapshot | None, formula: str) -> "AskForm":
        """Return the form as sent, else begun from the scenario somebody looked at."""
        places = snapshot.places if snapshot else ()
        return cls(
            data={
                "municipalities": ", ".join(place.name for place in places),
                "formula": formula if formula in {f.value for f in Formula} else UNSURE,
                "scenario": snapshot.scenario.query() if snapshot else "",
            }
        )

    def validate_kind(self, field: Any) -> None:
        """Ask what it is, of an organisation that was not picked from the list."""
        if self.organisation.data and self.picked is None:
            Required()(self, field)

    @cached_property
    def picked(self) -> Organisation | None:
        """The local government that was picked, if one was."""
        return governments.picked(self.organisation.data or "", self.organisation_id.data or "")

    def validate_municipalities(self, field: Any) -> None:
        """Say which of the names is no municipality, or more than one."""
        if len(_names(field.data)) > scenarios.MOST_PLACES:
            raise StopValidation(gettext("Vul hoogstens twintig gemeenten in."))
        for name in _names(field.data):
            try:
                pick_municipality(name)
            except DomainError as error:
                words = gettext(error.message, **error.values)
                raise StopValidation(f"{name}: {words}") from None

    def question(self) -> Question:
        """Return what was filled in; only after `validate`."""
        known = self.picked
        nis = [pick_municipality(name).nis for name in _names(self.municipalities.data)]
        return Question(
            name=self.name.data or "",
            function=self.function.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            organisation=known,
            organisation_name=known.name if known else self.organisation.data or "",
            organisation_kind=known.kind.value if known else self.kind.data or "",
            municipalities=tuple(dict.fromkeys(nis)),
            formula=self.formula.data or "",
            partners=self.partners.data or "",
            support=self.support.data or "",
            support_text=self.support_text.data or "",
            budget=self.budget.data or "",
            budget_text=self.budget_text.data or "",
            initiatives=self.initiatives.data or "",
            remarks=self.remarks.data or "",
            locale=language(),
        )


def _names(text: str | None) -> list[str]:
    return [name for part in (text or "").replace(";", ",").split(",") if (name := part.strip())]


class ConfirmForm(BaseForm):
    """A button and its token: following a link alone changes nothing."""


class AnswerForm(VersionedForm):
    """An answer, mailed to who asked."""

    text = wtforms.TextAreaField(lazy_gettext("Je antwoord"), [Required(), Length(max=4000)])


class DeclineForm(VersionedForm):
    """Why HSV goes no further, mailed to who asked."""

    reason = wtforms.TextAreaField(lazy_gettext("De reden"), [Required(), Length(max=2000)])


class OpenFromEnquiryForm(VersionedForm):
    """How the draft begins."""

    formula = RadioField(lazy_gettext("Pakket"), [Required()], choices=choices_of(Formula))
    partners = CheckboxesField(
        lazy_gettext("Partners"),
        [Required(lazy_gettext("Kies minstens één partner."))],
        coerce=int,
    )
    starts_on = DayField(lazy_gettext("Eerste dag"), [Required()])
    years = NumberField(lazy_gettext("Aantal jaren"), [Required(), NumberRange(1, LONGEST_YEARS)])

    @classmethod
    def of(
        cls, usual: Opening, possible: Sequence[Organisation], version: int
    ) -> "OpenFromEnquiryForm":
        """Return the form as sent, else as a draft would usually begin."""
        form = cls(
            data={
                "formula": usual.formula.value,
                "partners": [one.id for one in usual.organisations],
                "starts_on": usual.starts_on,
                "years": usual.years,
                "version": version,
            }
        )
        form.partners.choices = [(one.id, one.name) for one in possible]
        return form

    def opening(self, usual: Opening, possible: Sequence[Organisation]) -> Opening:
        """Return how the draft begins; only after `validate`."""
        chosen = set(self.partners.data or ())
        assert self.starts_on.data is not None
        return Opening(
            formula=Formula(self.formula.data),
            organisations=tuple(one for one in possible if one.id in chosen),
            starts_on=self.starts_on.data,
            years=self.years.data or usual.years,
            area=usual.area,
        )
