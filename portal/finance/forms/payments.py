"""What a person fills in about money on an invoice."""

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, RadioField
from portal.core.forms import BaseForm, OnceForm, Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, rows_of
from portal.finance.placing import BY_HAND, PLACES

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


class BankFileForm(BaseForm):
    """A file of the bank, to look at."""

    file = wtforms.FileField(lazy_gettext("Bankbestand"))


class PlaceRowForm(RowForm):
    """A document and what it gets of a payment."""

    number = wtforms.StringField(lazy_gettext("Nummer of mededeling"), [Length(max=40)])
    cents = AmountField(lazy_gettext("Bedrag"))

    def validate_number(self, field: wtforms.Field) -> None:
        """An amount needs a document."""
        if self.cents.data and not field.data:
            raise wtforms.ValidationError(gettext("Vul dit in."))

    def validate_cents(self, field: wtforms.Field) -> None:
        """A document needs an amount, and the direction is that of the payment."""
        if self.number.data and field.data is None and not field.errors:
            raise wtforms.ValidationError(gettext("Vul dit in."))
        if field.data is not None and field.data <= 0:
            raise wtforms.ValidationError(gettext("Vul een bedrag boven nul in."))


class PlaceForm(OnceForm):
    """On which documents a payment is placed."""

    rows = wtforms.FieldList(
        wtforms.FormField(PlaceRowForm), lazy_gettext("Documenten"), max_entries=12
    )
    note = wtforms.StringField(lazy_gettext("Opmerking"), [Length(max=200)])

    def spare(self) -> None:
        """Offer empty rows to fill in."""
        add_spare_rows(self.rows, self.is_submitted(), spare=3)

    def filled(self) -> list[tuple[str, int]]:
        """Return (document, cents) of the rows that were filled in; only after `validate`."""
        rows = rows_of(self.rows.entries)
        return [(row.number.data or "", row.cents.data or 0) for row in rows]


_elsewhere = choices_of({account: PLACES[account] for account in BY_HAND})


class ElsewhereForm(OnceForm):
    """What a payment is, when it is about no invoice."""

    account = RadioField(lazy_gettext("Wat is het?"), [Required()], choices=_elsewhere)
    cents = AmountField(lazy_gettext("Bedrag"), [Required()])
    why = wtforms.TextAreaField(lazy_gettext("Uitleg"), [Required(), Length(max=300)])
