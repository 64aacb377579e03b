"""What every form of the portal has: clean text, limits, Dutch messages, errors on their field.

The form checks syntax; rules live in the service, whose DomainError `show_error` puts on the
field it is about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import wtforms
from flask import g
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms.validators import Length, StopValidation

from portal.core import once, text
from portal.core.errors import DomainError
from portal.core.form_messages import FormMessages
from portal.core.i18n import N_, lazy_gettext
from portal.core.national_number import contains_national_number

LINE_LENGTH = 200
TEXT_LENGTH = 4000

# Kept as typed: a password may hold anything.
_UNTOUCHED: tuple[Any, ...] = (wtforms.PasswordField, wtforms.HiddenField)
# Of a form of their own that no national number has.
_NOT_FREE_TEXT: tuple[Any, ...] = (
    wtforms.EmailField,
    wtforms.TelField,
    wtforms.URLField,
    *_UNTOUCHED,
)


class Required:
    """Asks for an answer, in words that fit the kind of question."""

    field_flags = {"required": True}  # noqa: RUF012 - what WTForms reads

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        missing = field.data is None or field.data in ("", [])
        unticked = isinstance(field, wtforms.BooleanField) and not field.data
        if field.process_errors or not (missing or unticked):
            return
        if self.message:
            words = self.message
        elif unticked:
            words = gettext("Vink dit aan om verder te gaan.")
        elif hasattr(field, "iter_choices"):
            words = gettext("Maak een keuze.")
        else:
            words = gettext("Vul dit in.")
        field.errors = []
        raise StopValidation(words)


def no_national_number(_form: Any, field: Any) -> None:
    """Refuse a text with a national register number in it. Free text has this by itself."""
    if isinstance(field.data, str) and contains_national_number(field.data):
        raise StopValidation(
            gettext(
                "Hierin staat wat op een rijksregisternummer lijkt. Het portaal bewaart dat niet: "
                "niemand heeft het hier nodig, en het herkent een gezin te gemakkelijk. "
                "Haal het nummer weg en verstuur opnieuw."
            )
        )


class BaseForm(FlaskForm):
    """A form with text trimmed and cleaned, limited in length, and Dutch messages."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        g.form = self  # for the page that says somebody else was first

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> FormMessages:  # noqa: ARG002
            return FormMessages()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            kind = unbound_field.field_class
            if not issubclass(kind, wtforms.StringField):
                return super().bind_field(form, unbound_field, options)
            if not issubclass(kind, _UNTOUCHED):
                clean = _if_text(text.paragraphs if _is_long(kind) else text.line)
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": [clean, *own]}
            field = super().bind_field(form, unbound_field, options)
            return _limit(field)


def _is_long(kind: type) -> bool:
    return issubclass(kind, wtforms.TextAreaField)


def _if_text(clean: Any) -> Any:
    return lambda value: clean(value) if isinstance(value, str) else value or ""


def _limit(field: Any) -> Any:
    added: list[Any] = []
    if not field.flags.maxlength:
        usual = TEXT_LENGTH if _is_long(type(field)) else LINE_LENGTH
        limit = Length(max=getattr(field, "max_length", usual))
        field.flags.maxlength = limit.max
        added.append(limit)
    if not isinstance(field, _NOT_FREE_TEXT):
        added.append(no_national_number)
    field.validators = [*field.validators, *added]
    return field


class OnceForm(BaseForm):
    """A form that makes something: its one-time key travels along (`core.once`)."""

    once = wtforms.HiddenField(default=once.fresh)


class VersionedForm(BaseForm):
    """A form that changes something: the version the person looked at travels along."""

    version = wtforms.IntegerField(
        widget=wtforms.widgets.HiddenInput(),
        validators=[Required(lazy_gettext("Open deze pagina opnieuw en probeer nog eens."))],
    )


def show_error(form: BaseForm, error: DomainError) -> None:
    """Put a rule's refusal on the field it is about, or above the form when it names none."""
    words = gettext(error.message, **error.values)
    for field in _every_field(form):
        if error.field == field.name:
            if hasattr(field, "form"):
                field.form.form_errors.append(words)
            else:
                field.errors = [*field.errors, words]
            return
    form.form_errors.append(words)


def typed(form: BaseForm) -> list[tuple[str, str]]:
    """Return the (label, text) of what a person wrote in a form, to give it back."""
    written = (f for f in _every_field(form) if isinstance(f, wtforms.StringField))
    return [(str(f.label.text), f.data) for f in written if f.data and not _untouched(f)]


def _untouched(field: Any) -> bool:
    return isinstance(field, _UNTOUCHED)


def _every_field(fields: Any) -> Iterator[Any]:
    """Yield the fields of a form, and those inside field lists and nested forms."""
    for field in fields:
        yield field
        if hasattr(field, "entries"):
            yield from _every_field(field.entries)
        elif hasattr(field, "form"):
            yield from _every_field(field.form)


def choices_of(labels: Mapping[Any, str] | Iterable[Any]) -> Callable[[], list[tuple[Any, str]]]:
    """Return what gives choices in the language of whoever reads: of a mapping, or of enums."""
    pairs = labels.items() if isinstance(labels, Mapping) else ((str(e), e.label) for e in labels)
    kept = list(pairs)
    return lambda: [(code, gettext(label)) for code, label in kept]


def sent_file(field: Any) -> tuple[str, bytes] | None:
    """Return the name and bytes of the file that was sent; None without one."""
    sent = field.data
    if sent is None or isinstance(sent, str) or not sent.filename:
        return None
    return sent.filename, sent.read()


def need_file(field: Any) -> tuple[str, bytes]:
    """Return the file that was sent. Raises DomainError without one."""
    found = sent_file(field)
    if found is None:
        raise DomainError(N_("Kies een bestand."), field.name)
    return found
