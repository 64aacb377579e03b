"""How many volunteers a branch has."""

from wtforms.validators import NumberRange

from portal.core.fields import NumberField
from portal.core.forms import BaseForm, Required
from portal.core.i18n import lazy_gettext

# WTForms asks for str; a label becomes one when the page is made.


class CapacityForm(BaseForm):
    volunteers = NumberField(
        lazy_gettext("Actieve vrijwilligers"), [Required(), NumberRange(min=0, max=500)]
    )
