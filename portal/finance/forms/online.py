"""What a person fills in about payments online."""

import wtforms
from wtforms.validators import Length

from portal.core.amount_fields import AmountField
from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext


class RefundForm(OnceForm):
    """How much is given back online, and why."""

    cents = AmountField(lazy_gettext("Bedrag"), [Required()])
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required(), Length(max=300)])
