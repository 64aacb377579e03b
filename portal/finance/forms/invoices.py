"""What is filled in about one invoice."""

import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, NumberRange

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, NumberField, RadioField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm
from portal.core.i18n import lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, rows_of
from portal.finance.content import DAY, HOUR, KILOMETRE, MONTH, ONE, PIECE, Line
from portal.finance.invoice_drafts import MOST_LINES, Changes
from portal.finance.invoice_pdf import quantity_text
from portal.finance.invoicing_settings import LONGEST_TERM_DAYS
from portal.finance.models import Channel, Invoice, InvoiceKind

_QUANTITY = re.compile(r"(?P<whole>[0-9]{1,5})(?:,(?P<part>[0-9]{1,2}))?")


class QuantityField(wtforms.Field):
    """How many, as in 2 or 2,5; `data` is in hundredths (250)."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else quantity_text(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        match = _QUANTITY.fullmatch(typed)
        self.data = None
        if typed and match is None:
            raise ValueError(gettext("Vul een aantal in, zoals 2 of 2,5."))
        if match is not None:
            self.data = int(match["whole"]) * ONE + int((match["part"] or "").ljust(2, "0"))


def _units() -> list[tuple[str, str]]:
    return [
        (PIECE, gettext("stuk")),
        (HOUR, gettext("uur")),
        (DAY, gettext("dag")),
        (MONTH, gettext("maand")),
        (KILOMETRE, gettext("km")),
    ]


class LineForm(RowForm):
    """A line: what, how many, at what price."""

    beside = frozenset({"quantity", "unit"})
    description = wtforms.StringField(lazy_gettext("Omschrijving"), [Length(max=200)])
    quantity = QuantityField(lazy_gettext("Aantal"))
    unit = SelectField(lazy_gettext("Eenheid"), choices=_units)
    price = AmountField(lazy_gettext("Prijs per eenheid"))

    def line(self) -> Line:
        """Return the line; only after `validate`."""
        quantity = ONE if self.quantity.data is None else self.quantity.data
        return Line(
            self.description.data or "", self.price.data or 0, quantity, self.unit.data or PIECE
        )


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "description": line.description,
            "quantity": line.quantity_e2,
            "unit": line.unit,
            "price": line.unit_cents,
        }
        for line in lines
    ]


class _WithLines(BaseForm):
    """A document's content, in a form."""

    lines = wtforms.FieldList(
        wtforms.FormField(LineForm), lazy_gettext("Lijnen"), max_entries=MOST_LINES
    )
    period_from = DayField(lazy_gettext("Periode van"))
    period_to = DayField(lazy_gettext("tot en met"))
    order_number = wtforms.StringField(
        lazy_gettext("Bestelbonnummer van de partner"), [Length(max=60)]
    )
    buyer_reference = wtforms.StringField(
        lazy_gettext("Referentie van de partner"), [Length(max=60)]
    )
    note = wtforms.TextAreaField(lazy_gettext("Tekst op het document"), [Length(max=500)])

    def spare(self, rows: int = 2) -> None:
        """Offer empty rows to fill in."""
        add_spare_rows(self.lines, self.is_submitted(), spare=rows)

    def filled_lines(self) -> tuple[Line, ...]:
        """Return the lines that were filled in; only after `validate`."""
        return tuple(row.line() for row in rows_of(self.lines.entries))


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, gettext(kind.label)) for kind in (InvoiceKind.INVOICE, InvoiceKind.CLAIM)]


class NewInvoiceForm(OnceForm, _WithLines):
    """A free invoice or claim: course fees, material."""

    kind = RadioField(
        lazy_gettext("Soort document"), [Required()], choices=_kinds, default=InvoiceKind.INVOICE
    )
    partner = wtforms.StringField(lazy_gettext("Voor wie?"), [Required(), Length(max=200)])
    partner_id = wtforms.HiddenField()


class EditInvoiceForm(VersionedForm, _WithLines):
    """A draft, changed."""

    term_days = NumberField(
        lazy_gettext("Betaaltermijn in dagen"), [Required(), NumberRange(1, LONGEST_TERM_DAYS)]
    )

    @classmethod
    def of(cls, invoice: Invoice) -> "EditInvoiceForm":
        """Return the form as sent, else as the draft is."""
        names = ("period_from", "period_to", "order_number", "buyer_reference", "note", "term_days")
        known = {name: getattr(invoice, name) for name in names}
        form = cls(data={**known, "lines": _rows(invoice.lines), "version": invoice.version})
        form.spare(1)
        return form

    def changes(self) -> Changes:
        """Return what was filled in; only after `validate`."""
        return Changes(
            lines=self.filled_lines(),
            period_from=self.period_from.data,
            period_to=self.period_to.data,
            term_days=self.term_days.data or 0,
            order_number=self.order_number.data or "",
            buyer_reference=self.buyer_reference.data or "",
            note=self.note.data or "",
        )


class CreditForm(OnceForm):
    """What is given back, and why."""

    lines = wtforms.FieldList(
        wtforms.FormField(LineForm), lazy_gettext("Lijnen"), max_entries=MOST_LINES
    )
    reason = wtforms.TextAreaField(
        lazy_gettext("Reden, zoals ze op het document komt"), [Required(), Length(max=300)]
    )

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "CreditForm":
        """Return the form as sent, else with all that is left."""
        return cls(data={"lines": _rows(lines)})

    def filled_lines(self) -> tuple[Line, ...]:
        """Return the lines that were filled in; only after `validate`."""
        return tuple(row.line() for row in rows_of(self.lines.entries))


def _channels() -> list[tuple[str, str]]:
    return [
        (Channel.PEPPOL.value, gettext("Via Peppol")),
        (Channel.EMAIL.value, gettext("Per e-mail")),
        (Channel.DOWNLOAD.value, gettext("Klaarzetten in het portaal")),
    ]


class DeliverForm(BaseForm):
    """Along which way a document is delivered again."""

    channel = SelectField(lazy_gettext("Verzenden"), [Required()], choices=_channels)


class QuestionForm(OnceForm):
    """A question about a document."""

    text = wtforms.TextAreaField(lazy_gettext("Je vraag"), [Required(), Length(max=2000)])


class AnswerForm(BaseForm):
    """HSV's answer to a question."""

    text = wtforms.TextAreaField(lazy_gettext("Antwoord"), [Required(), Length(max=2000)])


class ConditionForm(OnceForm):
    """That the condition of an instalment is met."""

    met_on = DayField(lazy_gettext("Voldaan op"), [Required()])
    note = wtforms.TextAreaField(lazy_gettext("Waaruit blijkt dat?"), [Required(), Length(max=500)])
