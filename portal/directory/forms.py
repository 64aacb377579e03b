"""What staff fill in about organisations, branches and the area of a branch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields as dataclass_fields
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import URL, Length, NumberRange, Optional, ValidationError

from portal.core import fields
from portal.core.errors import DomainError
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm
from portal.core.i18n import lazy_gettext
from portal.directory.branches import BranchDetails
from portal.directory.kbo import parse_kbo, show_kbo
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, Organisation
from portal.directory.municipalities import pick_municipality
from portal.directory.organisations import WHICH_KIND, OrganisationDetails


@contextmanager
def _as_syntax() -> Iterator[None]:
    """Say what a rule about a single answer refuses together with all that is wrong."""
    try:
        yield
    except DomainError as error:
        raise ValidationError(gettext(error.message, **error.values)) from None


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of organisation as choices, by name, "other" last."""
    named = [(kind.value, gettext(kind.label)) for kind in OrganisationKind]
    return sorted(named, key=lambda pair: (pair[0] == OrganisationKind.OTHER, pair[1].casefold()))


def kinds_to_choose() -> list[tuple[str, str]]:
    """Return the kinds that an organisation can be given: there is one Home-Start Vlaanderen."""
    return [pair for pair in kinds() if pair[0] != OrganisationKind.HSV]


class AsksMunicipality(BaseForm):
    """A municipality: a suggestion taken over, a name, a former name or a postcode."""

    municipality: wtforms.StringField

    def validate_municipality(self, field: Any) -> None:
        """Say at once when the text is no municipality, or more than one."""
        if field.data:
            with _as_syntax():
                pick_municipality(field.data)

    def chosen_nis(self) -> str | None:
        """Return the NIS code of what was filled in, None for nothing; only after `validate`."""
        text = self.municipality.data
        return pick_municipality(text).nis if text else None


# The fields of a form stand in the order of the page: so does the list of what is wrong.


class OrganisationFields(AsksMunicipality):
    """Everything about an organisation but its state."""

    name = wtforms.StringField(lazy_gettext("Naam"), [Required(), Length(max=160)])
    kind = fields.SelectField(
        lazy_gettext("Soort organisatie"),
        [Required()],
        choices=kinds_to_choose,
        blank=lazy_gettext("Kies een soort"),
    )
    other_kind = wtforms.StringField(lazy_gettext("Welke soort"), [Length(max=80)])
    kbo = wtforms.StringField(lazy_gettext("Ondernemingsnummer"), [Length(max=30)])
    municipality = wtforms.StringField(lazy_gettext("Gemeente"))
    street = wtforms.StringField(lazy_gettext("Straat en nummer"), [Length(max=120)])
    postcode = fields.PostcodeField(lazy_gettext("Postcode"))
    city = wtforms.StringField(lazy_gettext("Plaats"), [Length(max=80)])
    phone = fields.PhoneField(lazy_gettext("Telefoon"))
    email = fields.EmailField(lazy_gettext("E-mailadres"))
    website = wtforms.URLField(lazy_gettext("Website"), [Optional(), URL(), Length(max=200)])
    colleagues_see_referrals = wtforms.BooleanField(
        lazy_gettext("Collega's zien elkaars verwijzingen"), default=True
    )

    def validate_other_kind(self, field: Any) -> None:
        """Ask which kind, of an organisation of another kind."""
        if self.kind.data == OrganisationKind.OTHER and not field.data:
            raise ValidationError(gettext(WHICH_KIND))

    def validate_kbo(self, field: Any) -> None:
        """Say at once when the digits do not fit."""
        if field.data:
            with _as_syntax():
                parse_kbo(field.data)

    def details(self) -> OrganisationDetails:
        """Return what was filled in; only after `validate`."""
        return OrganisationDetails(
            name=self.name.data or "",
            kind=OrganisationKind(self.kind.data),
            other_kind=self.other_kind.data or "",
            kbo=self.kbo.data or "",
            nis=self.chosen_nis(),
            street=self.street.data or "",
            postcode=self.postcode.data or "",
            city=self.city.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            website=self.website.data or "",
            colleagues_see_referrals=bool(self.colleagues_see_referrals.data),
        )


class NewOrganisationForm(OrganisationFields, OnceForm):
    """A new organisation."""


class OrganisationForm(OrganisationFields, VersionedForm):
    """Changes to an organisation."""

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationForm":
        """Return the form filled with an organisation, or with what was sent."""
        place = organisation.municipality
        names = (field.name for field in dataclass_fields(OrganisationDetails))
        values = {name: getattr(organisation, name) for name in (*names, "version")}
        values |= {"kbo": show_kbo(organisation.kbo), "municipality": place.name if place else ""}
        form = cls(data=values)
        if organisation.kind == OrganisationKind.HSV:
            form.kind.choices = kinds
        return form


class BranchFields(BaseForm):
    """Everything about a branch but its area and its closing."""

    name = wtforms.StringField(lazy_gettext("Naam"), [Required(), Length(max=120)])
    places_capacity = fields.NumberField(
        lazy_gettext("Plaatsen"), [Required(), NumberRange(0, 1000)], default=20
    )
    active_from = fields.DayField(lazy_gettext("Open vanaf"), [Required()])
    email = fields.EmailField(lazy_gettext("E-mailadres"), [Required()])
    phone = fields.PhoneField(lazy_gettext("Telefoon"))
    street = wtforms.StringField(lazy_gettext("Straat en nummer"), [Length(max=120)])
    postcode = fields.PostcodeField(lazy_gettext("Postcode"))
    city = wtforms.StringField(lazy_gettext("Plaats"), [Length(max=80)])
    recognition_number = wtforms.StringField(lazy_gettext("Erkenningsnummer"), [Length(max=40)])
    recognised_on = fields.DayField(lazy_gettext("Erkend op"))

    def details(self) -> BranchDetails:
        """Return what was filled in; only after `validate`."""
        assert self.active_from.data is not None
        return BranchDetails(
            name=self.name.data or "",
            email=self.email.data or "",
            active_from=self.active_from.data,
            places_capacity=self.places_capacity.data or 0,
            phone=self.phone.data or "",
            street=self.street.data or "",
            postcode=self.postcode.data or "",
            city=self.city.data or "",
            recognition_number=self.recognition_number.data or "",
            recognised_on=self.recognised_on.data,
        )


class NewBranchForm(BranchFields, OnceForm):
    """A new branch."""


class BranchForm(BranchFields, VersionedForm):
    """Changes to a branch."""

    @classmethod
    def of(cls, branch: Branch) -> "BranchForm":
        """Return the form filled with a branch, or with what was sent."""
        return cls(obj=branch)


class CloseBranchForm(VersionedForm):
    """The last day of a branch."""

    closed_on = fields.DayField(lazy_gettext("Laatste dag open"), [Required()])


class AddMunicipalityForm(AsksMunicipality, OnceForm):
    """A municipality that a branch is going to serve."""

    municipality = wtforms.StringField(
        lazy_gettext("Gemeente"), [Required(lazy_gettext("Vul een gemeente of postcode in."))]
    )
    from_on = fields.DayField(lazy_gettext("Vanaf"), [Required()])
    to_on = fields.DayField(lazy_gettext("Tot en met"))


class EndMunicipalityForm(BaseForm):
    """The last day a branch serves a municipality."""

    to_on = fields.DayField(lazy_gettext("Laatste dag"))
