"""Forms about one's own account, and those with which staff let people in."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_security import forms as library
from wtforms.validators import EqualTo, Length

from portal.accounts.passwords import LONGEST
from portal.accounts.roles import LABELS
from portal.core import audit
from portal.core.fields import EmailField, RadioField, SelectField, YesNoField
from portal.core.forms import BaseForm, OnceForm, Required
from portal.core.i18n import LANGUAGES, lazy_gettext
from portal.core.permissions import Role
from portal.core.redirects import inside

# A field of the library that our form does without.
_NONE: Any = None

_SAME = EqualTo("new_password", lazy_gettext("De twee wachtwoorden zijn niet dezelfde."))


def _new_password(label: Any, *validators: Any) -> wtforms.PasswordField:
    return wtforms.PasswordField(
        label, [Required(), *validators], render_kw={"autocomplete": "new-password"}
    )


def _own_password(label: Any) -> wtforms.PasswordField:
    return wtforms.PasswordField(
        label, [Required()], render_kw={"autocomplete": "current-password"}
    )


class SignInForm(BaseForm, library.LoginForm):
    """Says only that it did not work; never whether the account, the password or what is wrong."""

    email = wtforms.EmailField(
        lazy_gettext("E-mailadres"), [Required()], render_kw={"autocomplete": "username"}
    )
    password = _own_password(lazy_gettext("Wachtwoord"))
    remember = _NONE
    submit = _NONE

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.next.data = inside(self.next.data, "")

    def validate_next(self, field: Any) -> None:
        """Accept anything: what leads outside was dropped already."""

    def validate(self, *args: Any, **values: Any) -> bool:
        """Return whether they may come in, and note who tried when they may not."""
        if super().validate(*args, **values):
            return True
        if self.email.data and self.password.data:
            known = self.user.id if self.user else "unknown"
            audit.record("sign_in:fail", "account", object_id=known)
            words = gettext(
                "Dit e-mailadres en wachtwoord horen niet bij elkaar, of het account is niet "
                "actief. Kijk ze na of vraag een nieuw wachtwoord."
            )
        else:
            words = gettext("Vul je e-mailadres en je wachtwoord in.")
        self.email.errors, self.password.errors = [], []
        self.form_errors = [words]
        return False


class ForgotPasswordForm(BaseForm):
    email = EmailField(
        lazy_gettext("E-mailadres"), [Required()], render_kw={"autocomplete": "username"}
    )


class ResetPasswordForm(BaseForm, library.ResetPasswordForm):
    password = _new_password(lazy_gettext("Nieuw wachtwoord"), Length(max=LONGEST))
    password_confirm = _new_password(
        lazy_gettext("Herhaal het nieuwe wachtwoord"),
        EqualTo("password", lazy_gettext("De twee wachtwoorden zijn niet dezelfde.")),
    )
    submit = _NONE


class ChangePasswordForm(BaseForm, library.ChangePasswordForm):
    password = _own_password(lazy_gettext("Huidig wachtwoord"))
    new_password = _new_password(lazy_gettext("Nieuw wachtwoord"), Length(max=LONGEST))
    new_password_confirm = _new_password(lazy_gettext("Herhaal het nieuwe wachtwoord"), _SAME)
    submit = _NONE


class NewAccountForm(BaseForm):
    """What somebody who was invited fills in."""

    name = wtforms.StringField(
        lazy_gettext("Je naam"), [Required(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    password = _new_password(lazy_gettext("Kies een wachtwoord"), Length(max=LONGEST))
    password_confirm = _new_password(
        lazy_gettext("Herhaal het wachtwoord"),
        EqualTo("password", lazy_gettext("De twee wachtwoorden zijn niet dezelfde.")),
    )


class ConfirmForm(BaseForm):
    """Nothing to fill in: one button."""


class ProfileForm(BaseForm):
    name = wtforms.StringField(
        lazy_gettext("Je naam"), [Required(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    locale = RadioField(
        lazy_gettext("Taal van het portaal en van je mails"), choices=list(LANGUAGES.items())
    )


class ChangeEmailForm(BaseForm):
    email = EmailField(
        lazy_gettext("Nieuw e-mailadres"), [Required()], render_kw={"autocomplete": "email"}
    )
    password = _own_password(lazy_gettext("Je wachtwoord"))


class ChooseMembershipForm(BaseForm):
    membership = RadioField(
        lazy_gettext("Als wie wil je werken?"), [Required()], choices=[], coerce=int
    )


class SharingForm(BaseForm):
    shared = YesNoField(lazy_gettext("Zien collega's elkaars verwijzingen?"), [Required()])


class RoleForm(OnceForm):
    """A role and where: which of organisation and branch is asked follows from the role."""

    role = SelectField(
        lazy_gettext("Rol"),
        [Required()],
        blank=lazy_gettext("Kies een rol"),
        coerce=Role,
        choices=lambda: [(role, gettext(text)) for role, text in LABELS.items()],
    )
    organisation = wtforms.StringField(lazy_gettext("Organisatie"), [Length(max=160)])
    organisation_id = RadioField(
        lazy_gettext("Welke organisatie bedoel je?"), choices=[], coerce=int
    )
    branch = SelectField(
        lazy_gettext("Afdeling"), blank=lazy_gettext("Kies een afdeling"), choices=[], coerce=int
    )
    function = wtforms.StringField(lazy_gettext("Functie"), [Length(max=80)])


class InviteForm(RoleForm):
    name = wtforms.StringField(lazy_gettext("Naam"), [Required(), Length(max=120)])
    email = EmailField(lazy_gettext("E-mailadres"), [Required()])
