"""What a person fills in about money on an invoice."""

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, RadioField
from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext

IN, OUT = "in", "out"


def _directions() -> list[tuple[str, str]]:
    return [(IN, gettext("Ontvangen")), (OUT, gettext("Terugbetaald"))]


class BookPaymentForm(OnceForm):
    """A payment seen by a person; `cents` has its sign."""

    direction = RadioField(
        lazy_gettext("Wat gebeurde er?"), [Required()], choices=_directions, default=IN
    )
    cents = AmountField(lazy_gettext("Bedrag"), [Required()])
    booked_on = DayField(lazy_gettext("Op welke dag?"), [Required()])
    reason = wtforms.TextAreaField(
        lazy_gettext("Waarom met de hand?"), [Required(), Length(max=300)]
    )

    @property
    def signed_cents(self) -> int:
        """The amount, below 0 when it was paid back; only after `validate`."""
        amount = abs(self.cents.data or 0)
        return -amount if self.direction.data == OUT else amount


class WriteOffForm(OnceForm):
    """What is given up, and why."""

    cents = AmountField(lazy_gettext("Bedrag"), [Required()])
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required(), Length(max=300)])


class TakeBackForm(OnceForm):
    """Why a booking is undone."""

    reason = wtforms.TextAreaField(
        lazy_gettext("Wat klopte er niet?"), [Required(), Length(max=300)]
    )
