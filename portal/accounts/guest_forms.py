"""What somebody without an account fills in, and what staff do with her question for one."""

from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, ValidationError

from portal.core.fields import EmailField, PhoneField, RadioField, SelectField
from portal.core.forms import BaseForm, Required, no_national_number
from portal.core.honeypot import HoneypotForm
from portal.core.i18n import lazy_gettext
from portal.directory.gazetteer import Place, places
from portal.directory.kinds import OrganisationKind
from portal.directory.municipalities import find_municipalities


def referring_kinds() -> list[tuple[OrganisationKind, str]]:
    """Return the kinds of organisations that refer families, in words."""
    return [(kind, gettext(kind.label)) for kind in OrganisationKind if kind.refers_families]


class BeginForm(HoneypotForm, BaseForm):
    """Who refers without an account."""

    name = wtforms.StringField(
        lazy_gettext("Je naam"), [Required(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        lazy_gettext("Je e-mailadres op het werk"),
        [Required(), no_national_number],
        render_kw={"autocomplete": "email"},
    )
    phone = PhoneField(
        lazy_gettext("Je telefoonnummer"),
        [Required(), no_national_number],
        render_kw={"autocomplete": "tel"},
    )
    function = wtforms.StringField(
        lazy_gettext("Je functie"),
        [Required(), Length(max=80)],
        render_kw={"autocomplete": "organization-title"},
    )
    organisation_name = wtforms.StringField(
        lazy_gettext("Je organisatie of praktijk"),
        [Required(), Length(max=160)],
        render_kw={"autocomplete": "organization"},
    )
    organisation_kind = SelectField(
        lazy_gettext("Wat voor organisatie is dat?"),
        [Required()],
        blank=lazy_gettext("Kies een soort"),
        choices=referring_kinds,
        coerce=OrganisationKind,
    )
    municipality = wtforms.StringField(lazy_gettext("In welke gemeente werk je?"))
    nis = wtforms.HiddenField()

    @property
    def place(self) -> Place | None:
        """The municipality that was picked or typed, if it is one."""
        text = self.municipality.data or ""
        picked = places().get(self.nis.data or "")
        if picked is not None and picked.name in text:
            return picked
        exact = [one.place for one in find_municipalities(text) if one.exact] if text else []
        return exact[0] if len(set(exact)) == 1 else None

    def validate_municipality(self, field: Any) -> None:
        if field.data and self.place is None:
            raise ValidationError(gettext("Kies een gemeente uit de suggesties, of laat dit leeg."))


class LinkForm(HoneypotForm, BaseForm):
    """Where to mail a new link."""

    email = EmailField(
        lazy_gettext("Je e-mailadres"), [Required()], render_kw={"autocomplete": "email"}
    )


class GuestInviteForm(BaseForm):
    """To which organisation a guest belongs: one there is, or a new one."""

    where = RadioField(
        lazy_gettext("Waar hoort deze persoon bij?"),
        [Required()],
        choices=[
            ("known", lazy_gettext("Een organisatie die al in het portaal staat")),
            ("new", lazy_gettext("Een nieuwe organisatie")),
        ],
    )
    organisation = wtforms.StringField(
        lazy_gettext("Welke organisatie?"), [Length(max=160)], render_kw={"autocomplete": "off"}
    )
    organisation_id = RadioField(
        lazy_gettext("Welke organisatie bedoel je?"), choices=[], coerce=int
    )
    new_name = wtforms.StringField(
        lazy_gettext("Naam van de nieuwe organisatie"),
        [Length(max=160)],
        render_kw={"autocomplete": "off"},
    )
    new_kind = SelectField(
        lazy_gettext("Soort"),
        blank=lazy_gettext("Kies een soort"),
        choices=referring_kinds,
        coerce=OrganisationKind,
    )
    other_kind = wtforms.StringField(lazy_gettext("Welke soort?"), [Length(max=80)])
