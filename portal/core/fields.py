"""The fields of forms: what people type the way they type it, and a Dutch sentence when it fails.

A blank field gives None and no error; `Required` is what asks for an answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext, lazy_gettext
from wtforms.fields.choices import Choice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import StopValidation, ValidationError

from portal.core import clock

Choices = Sequence[tuple[Any, Any]]

PHONE = re.compile(r"(?:\+|00)[\d ./()-]{8,24}|0[\d ./()-]{8,18}")
POSTCODE = re.compile(r"[1-9][0-9]{3}")
YEARS = range(1900, 2101)


class _BlankIsNone:
    """Mixed into fields whose parser stumbles over an empty text."""

    data: Any
    process_errors: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        if typed:
            super().process_formdata([typed])  # type: ignore[misc]
        else:
            self.data = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        if self.process_errors:
            raise StopValidation  # one message is enough


class NumberField(_BlankIsNone, wtforms.IntegerField):
    """A whole number."""


class DayField(_BlankIsNone, wtforms.DateField):
    """A date: from the browser's date picker, or typed as 15/11/2026."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
        super().__init__(label, validators, format=formats, **options)  # type: ignore[arg-type]

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(gettext("Vul een jaar met vier cijfers in."))


class MomentField(_BlankIsNone, wtforms.DateTimeLocalField):
    """A day and an hour as people in Brussels say them; `data` is the moment in UTC."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        days, hours = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"), ("T%H:%M", " %H:%M", " %H.%M")
        formats = [day + hour for day in days for hour in hours]
        super().__init__(label, validators, format=formats, **options)  # type: ignore[arg-type]

    def process_data(self, value: datetime | None) -> None:
        self.data = None if value is None else clock.local(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        typed = self.data.replace(tzinfo=clock.BRUSSELS)
        self.data = typed.astimezone(UTC)
        if typed.year not in YEARS:
            self.data = None
            raise ValueError(gettext("Vul een jaar met vier cijfers in."))
        if clock.local(self.data).replace(tzinfo=None) != typed.replace(tzinfo=None):
            self.data = None
            raise ValueError(gettext("Dat uur wordt die nacht overgeslagen: het zomeruur begint."))


class MonthField(_BlankIsNone, wtforms.MonthField):
    """A month and year; `data` is the first day of that month."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        formats = ["%Y-%m", "%m/%Y", "%m-%Y", "%m.%Y", "%m %Y"]
        message = lazy_gettext("Vul een maand en een jaar in, zoals 11/2026.")
        options.setdefault("invalid_value_message", message)
        super().__init__(label, validators, format=formats, **options)  # type: ignore[arg-type]

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, date) and self.data.year not in YEARS:
            self.data = None
            raise ValueError(gettext("Vul een jaar met vier cijfers in."))


class PhoneField(wtforms.TelField):
    """A telephone number, kept as it was typed."""

    max_length = 40

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        digits = sum(c.isdigit() for c in self.data or "")
        if self.data and not (PHONE.fullmatch(self.data) and 9 <= digits <= 16):
            raise ValidationError(
                gettext("Vul een telefoonnummer in, zoals 0470 12 34 56 of +32 470 12 34 56.")
            )


class PostcodeField(wtforms.StringField):
    """A Belgian postcode: four digits."""

    max_length = 10

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        if self.data and not POSTCODE.fullmatch(self.data):
            raise ValidationError(gettext("Vul een postcode van vier cijfers in."))


class EmailField(wtforms.EmailField):
    """An e-mail address."""

    max_length = 254

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        if not self.data:
            return
        demo = current_app.config["DEMO"]  # whose people have addresses that reach nobody
        try:
            validate_email(self.data, check_deliverability=False, test_environment=demo)
        except EmailNotValidError as error:
            message = gettext("Vul een e-mailadres in, zoals naam@voorbeeld.be.")
            raise ValidationError(message) from error


class _Choosing:
    """Mixed into fields with choices: no answer is not a wrong answer."""

    data: Any
    choices: Any

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Choices | Callable[[], Choices] = (),
        coerce: Callable[[Any], Any] = str,
        **options: Any,
    ) -> None:
        def read(value: Any) -> Any:
            return None if value is None or value == "" else coerce(value)

        super().__init__(label, validators, coerce=read, **options)  # pyright: ignore[reportCallIssue]
        self.choices = choices if callable(choices) else list(choices)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)  # type: ignore[misc]


class SelectField(_Choosing, wtforms.SelectField):
    """One of a list. `choices` are (value, label); `blank` is the label of "no choice yet"."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, blank: Any = None, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.blank = blank

    def iter_choices(self) -> Iterator[Any]:
        if self.blank is not None:
            yield Choice("", self.blank, self.data is None, {})
        yield from super().iter_choices()


class RadioField(_Choosing, wtforms.RadioField):
    """One of a few, all in sight."""


class YesNoField(RadioField):
    """Yes or no; `data` is True, False, or None as long as nothing was chosen."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        both = [("ja", lazy_gettext("Ja")), ("nee", lazy_gettext("Nee"))]
        super().__init__(label, validators, choices=both, coerce=_yes_or_no, **options)


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("ja", "nee"):
        raise ValueError(f"neither yes nor no: {value!r}")
    return value == "ja"


class CheckboxesField(_Choosing, wtforms.SelectMultipleField):
    """Any number of a list, as checkboxes; `data` is a list, each value once."""

    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.CheckboxInput()

    def process_data(self, value: Iterable[Any] | None) -> None:
        super().process_data(value or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(list(dict.fromkeys(v for v in valuelist if v)))


class NamedFieldList(wtforms.FieldList):
    """A list whose entries are called by what they are about, a year or a partner, in the error
    summary too; the form sets the text of their labels."""

    named = True
