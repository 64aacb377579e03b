"""Saying whether two families are the same."""

from typing import Any

import flask_babel
import wtforms

from portal.core.fields import YesNoField
from portal.core.forms import OnceForm, Required

# WTForms asks for str; a label becomes one when the page is made.
lazy_gettext: Any = flask_babel.lazy_gettext


class DuplicateForm(OnceForm):
    pair = wtforms.HiddenField()
    same = YesNoField(lazy_gettext("Is dit hetzelfde gezin?"), [Required()])
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required()])
