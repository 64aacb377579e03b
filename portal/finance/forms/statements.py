"""What is filled in to close a year, open it again, and talk about its statements."""

import wtforms
from wtforms.validators import Length

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField
from portal.core.forms import Required, VersionedForm
from portal.core.i18n import lazy_gettext

LONGEST = 2000


class CloseYearForm(VersionedForm):
    """How a year is closed: what goes to the next, and that the figures were looked at."""

    carry = AmountField(lazy_gettext("Over te dragen naar het volgende jaar (€)"))
    steering_on = DayField(lazy_gettext("De stuurgroep stemde in op"))
    checked = wtforms.BooleanField(
        lazy_gettext("Ik keek de cijfers na. De afrekeningen mogen naar de partners."), [Required()]
    )


class ReopenYearForm(VersionedForm):
    """Why a closed year is opened again."""

    reason = wtforms.StringField(
        lazy_gettext("Waarom moet het jaar opnieuw open?"), [Required(), Length(max=300)]
    )


class ApproveForm(VersionedForm):
    """The button with which a partner approves its statement."""


class WordsForm(VersionedForm):
    """A question about a statement, or its answer."""

    text = wtforms.TextAreaField(lazy_gettext("Je bericht"), [Required(), Length(max=LONGEST)])
