"""How many volunteers a branch has."""

from typing import Any

import flask_babel
from wtforms.validators import NumberRange

from portal.core.fields import NumberField
from portal.core.forms import BaseForm, Required

# WTForms asks for str; a label becomes one when the page is made.
lazy_gettext: Any = flask_babel.lazy_gettext


class CapacityForm(BaseForm):
    volunteers = NumberField(
        lazy_gettext("Actieve vrijwilligers"), [Required(), NumberRange(min=0, max=500)]
    )
