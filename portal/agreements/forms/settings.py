"""What HSV's people fill in about index figures and legal grounds."""

import re
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import URL, Length, NumberRange, Optional

from portal.agreements.forms.draft import lazy_gettext, translated
from portal.agreements.indexation import Figure
from portal.agreements.legal import USES
from portal.agreements.terms import IndexKind
from portal.core.fields import DayField, MonthField, NumberField, RadioField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required

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


def figure_text(value_e4: int) -> str:
    """Return a figure as it is published: two decimals, or more when it has them."""
    whole, part = divmod(value_e4, 10_000)
    decimals = f"{part:04}".rstrip("0").ljust(2, "0")
    return f"{whole},{decimals}"


class FigureForm(OnceForm):
    """A published index figure."""

    kind = RadioField(
        lazy_gettext("Welke index?"),
        [Required()],
        choices=lambda: [
            (IndexKind.HEALTH.value, gettext("Gezondheidsindex")),
            (IndexKind.SPIL.value, gettext("Spilindex: coëfficiënt van de lonen")),
        ],
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


class GroundForm(OnceForm):
    """A legal ground, from a day."""

    use = SelectField(
        lazy_gettext("Waarvoor?"),
        [Required()],
        choices=translated(USES),
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
