"""Writing the texts that families read."""

import wtforms
from wtforms.validators import Length

from portal.core.fields import SelectField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm
from portal.core.i18n import lazy_gettext
from portal.referrals.text_kinds import LANGUAGE_NAMES

BODY_LENGTH = 20_000


class BeginTextForm(OnceForm):
    reason = wtforms.StringField(
        lazy_gettext("Wat wordt er anders?"), [Required(), Length(max=200)]
    )


class WriteTextForm(VersionedForm):
    body = wtforms.TextAreaField(lazy_gettext("Tekst"), [Length(max=BODY_LENGTH)])


class LanguageForm(BaseForm):
    """Which language to add."""

    language = SelectField(
        lazy_gettext("Vertaling toevoegen"),
        [Required()],
        choices=lambda: list(LANGUAGE_NAMES.items()),
        blank=lazy_gettext("Kies een taal"),
    )
