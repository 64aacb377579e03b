"""A question no person sees: whoever answers it is a machine, and gets the answer it expects."""

import flask_wtf
import wtforms

from portal.core.i18n import lazy_gettext


class HoneypotForm(flask_wtf.FlaskForm):
    """Mixed into public forms. Not hidden by its type, which machines know, but by its place."""

    website = wtforms.StringField(lazy_gettext("Laat dit veld leeg"))

    @property
    def is_from_machine(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.website.data)
