"""Fields for amounts and shares, typed the way people type them here."""

import re
from fractions import Fraction
from typing import Any

import wtforms
from flask_babel import gettext

from portal.core import money

_SHARE = re.compile(r"(?P<whole>[0-9]{1,3})(?:[,.](?P<part>[0-9]{1,2}))?\s*%?")

_HOURS = re.compile(
    r"(?P<whole>[0-9]{1,3})(?:[,.](?P<part>[0-9]{1,2}))?|(?P<h>[0-9]{1,3})[:u](?P<m>[0-5][0-9])"
)
_FTE = re.compile(r"(?P<whole>[0-9])(?:[,.](?P<part>[0-9]{1,2}))?")


class AmountField(wtforms.Field):
    """An amount of money; `data` is in cents, None when nothing was typed."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else money.euro(self.data).removeprefix("€\u00a0")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        self.data = None
        if not typed:
            return
        try:
            self.data = money.parse(typed)
        except ValueError as error:
            raise ValueError(gettext("Vul een bedrag in, zoals 1.250 of 1.250,50.")) from error


class FteField(wtforms.Field):
    """Full-time equivalents, as in 0,5; `data` is in percent of one (50)."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if not self.data:
            return ""
        whole, part = divmod(self.data, 100)
        return f"{whole},{part:02}".rstrip("0").rstrip(",")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        match = _FTE.fullmatch(typed)
        self.data = 0
        if typed and match is None:
            raise ValueError(gettext("Vul een getal in, zoals 0,5."))
        if match is not None:
            self.data = int(match["whole"]) * 100 + int((match["part"] or "").ljust(2, "0"))


class HoursField(wtforms.Field):
    """How long something took, typed as 1,5 or 1:30 hours; `data` is in minutes, or None."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if not self.data:
            return ""
        hours, minutes = divmod(self.data, 60)
        return f"{hours}:{minutes:02}" if minutes else str(hours)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        self.data = None
        if not typed:
            return
        match = _HOURS.fullmatch(typed)
        if match is None:
            raise ValueError(gettext("Vul een aantal uren in, zoals 1,5 of 1:30."))
        if match["h"]:
            self.data = int(match["h"]) * 60 + int(match["m"])
        else:
            hundredths = int((match["part"] or "").ljust(2, "0"))
            self.data = int(match["whole"]) * 60 + round(Fraction(hundredths * 60, 100))


class ShareField(wtforms.Field):
    """A part of a whole in percent; `data` is in basis points (3333 is 33,33 %)."""

    widget = wtforms.widgets.TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        whole, part = divmod(self.data, 100)
        return f"{whole},{part:02}" if part else str(whole)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        self.data = None
        if not typed:
            return
        match = _SHARE.fullmatch(typed)
        if match is None:
            raise ValueError(gettext("Vul een percentage in, zoals 40 of 33,33."))
        self.data = int(match["whole"]) * 100 + int((match["part"] or "").ljust(2, "0"))
