"""Saying whether two families are the same."""

import wtforms

from portal.core.fields import YesNoField
from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext

# WTForms asks for str; a label becomes one when the page is made.


class DuplicateForm(OnceForm):
    pair = wtforms.HiddenField()
    same = YesNoField(lazy_gettext("Is dit hetzelfde gezin?"), [Required()])
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required()])
