"""What HSV's people fill in about index figures and legal grounds."""

import re
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import URL, Length, NumberRange, Optional

from portal.agreements.indexation import Figure
from portal.agreements.legal import USES
from portal.agreements.terms import IndexKind
from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, MonthField, NumberField, RadioField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required, choices_of
from portal.core.i18n import lazy_gettext

_VALUE = re.compile(r"(?P<whole>[0-9]{1,4})(?:[,.](?P<part>[0-9]{1,4}))?")


class FigureField(wtforms.Field):
    """An index figure, as in 133,15; `data` is in ten-thousandths (1331500)."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        self.data = None
        if not typed:
            return
        match = _VALUE.fullmatch(typed)
        if match is None or not any(c in "123456789" for c in typed):
            raise ValueError(gettext("Vul het cijfer in zoals het gepubliceerd is, zoals 133,15."))
        self.data = int(match["whole"]) * 10_000 + int((match["part"] or "").ljust(4, "0"))


def index_kinds() -> list[tuple[str, str]]:
    """Return the indexes that figures are published of."""
    return [
        (IndexKind.HEALTH.value, gettext("Gezondheidsindex")),
        (IndexKind.SPIL.value, gettext("Spilindex: coëfficiënt van de lonen")),
    ]


class FigureForm(OnceForm):
    """A published index figure."""

    kind = RadioField(
        lazy_gettext("Welke index?"),
        [Required()],
        choices=index_kinds,
    )
    month = MonthField(lazy_gettext("Maand"), [Required()])
    base_year = NumberField(lazy_gettext("Basisjaar"), [Required(), NumberRange(1950, 2100)])
    value = FigureField(lazy_gettext("Cijfer"), [Required()])
    source = wtforms.StringField(lazy_gettext("Bron"), [Required(), Length(max=300)])
    published_on = DayField(lazy_gettext("Gepubliceerd op"))

    def figure(self) -> Figure:
        """Return the figure; only after `validate`."""
        assert self.month.data is not None
        return Figure(
            self.month.data.replace(day=1), self.base_year.data or 0, self.value.data or 0
        )


class RecalculateForm(BaseForm):
    """An amount to follow from one month to another; asked with GET, nothing is kept."""

    class Meta(BaseForm.Meta):
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    kind = RadioField(lazy_gettext("Welke index?"), [Required()], choices=index_kinds)
    amount = AmountField(lazy_gettext("Bedrag"), [Required()])
    base_month = MonthField(lazy_gettext("Maand van de aanvangsindex"), [Required()])
    month = MonthField(lazy_gettext("Maand van de nieuwe index"), [Required()])


class GroundForm(OnceForm):
    """A legal ground, from a day."""

    use = SelectField(
        lazy_gettext("Waarvoor?"),
        [Required()],
        choices=choices_of(USES),
        blank=lazy_gettext("Kies waarvoor"),
    )
    text = wtforms.TextAreaField(
        lazy_gettext("Tekst zoals ze in het document komt"), [Required(), Length(max=1000)]
    )
    from_on = DayField(lazy_gettext("Te vermelden vanaf"), [Required()])
    url = wtforms.URLField(lazy_gettext("Adres"), [Optional(), URL(), Length(max=300)])
    source = wtforms.StringField(lazy_gettext("Waar nagekeken?"), [Required(), Length(max=300)])


class EndGroundForm(BaseForm):
    """The last day a legal ground may be named."""

    to_on = DayField(lazy_gettext("Laatste dag"), [Required()])


class WordingForm(OnceForm):
    """What a dated text says from a day on."""

    text = wtforms.TextAreaField(lazy_gettext("Nieuwe tekst"), [Required(), Length(max=1000)])
    from_on = DayField(lazy_gettext("Geldt vanaf"), [Required()])
    source = wtforms.StringField(lazy_gettext("Waar nagekeken?"), [Required(), Length(max=300)])
