"""Forms take what people type, say in Dutch what is wrong, and lose nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import wtforms
from flask import Flask, render_template_string
from flask_babel import force_locale
from wtforms import validators
from wtforms.fields import FieldList, FormField

from portal.core import fields, forms
from portal.core.errors import DomainError
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm, show_error
from tests.browser import Page


class Child(wtforms.Form):
    month = fields.MonthField("Geboren in")


class Visit(BaseForm):
    name = wtforms.StringField("Naam", [Required(), validators.Length(max=20)])
    story = wtforms.TextAreaField("Verhaal")
    on = fields.DayField("Dag")
    month = fields.MonthField("Maand")
    at = fields.MomentField("Wanneer")
    number = fields.NumberField("Aantal", [validators.Optional(), validators.NumberRange(0, 9)])
    phone = fields.PhoneField("Telefoon")
    email = fields.EmailField("E-mail")
    postcode = fields.PostcodeField("Postcode")
    sure = fields.YesNoField("Zeker?")
    branch = fields.SelectField(
        "Werking", coerce=int, choices=[(1, "Gent"), (2, "Aalst")], blank="Kies…"
    )
    way = fields.RadioField("Hoe", choices=[("spoken", "Mondeling"), ("written", "Schriftelijk")])
    needs = fields.CheckboxesField("Wat", choices=[("a", "Eten"), ("b", "Praten")])
    agreed = wtforms.BooleanField("Akkoord")
    password = wtforms.PasswordField("Wachtwoord")
    children = FieldList(FormField(Child), min_entries=2)


def value_of(form: wtforms.Form, name: str) -> Any:
    return form[name].data


@pytest.fixture
def filled(app: Flask) -> Callable[..., Any]:
    """Return a context in which a form was sent with these values."""

    @contextmanager
    def send(kind: type[BaseForm] = Visit, **values: Any) -> Iterator[Any]:
        values = {"name": "An", **values}
        with app.test_request_context("/", method="POST", data=values):
            yield kind(meta={"csrf": False})

    return send


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("name", "  Zoë\x00  Peeters ", "Zoë Peeters"),
        ("story", " een\r\ntwee ", "een\ntwee"),
        ("on", "2026-11-15", date(2026, 11, 15)),
        ("on", "15/11/2026", date(2026, 11, 15)),
        ("on", "5-1-2026", date(2026, 1, 5)),
        ("month", "2026-11", date(2026, 11, 1)),
        ("month", "11/2026", date(2026, 11, 1)),
        ("at", "2026-07-01T14:30", datetime(2026, 7, 1, 12, 30, tzinfo=UTC)),
        ("at", "1/12/2026 9.05", datetime(2026, 12, 1, 8, 5, tzinfo=UTC)),
        ("number", " 7 ", 7),
        ("phone", "0470 12 34 56", "0470 12 34 56"),
        ("phone", "+32 (0)9 123 45 67", "+32 (0)9 123 45 67"),
        ("email", " an@ocmw.be ", "an@ocmw.be"),
        ("postcode", "9090", "9090"),
        ("sure", "ja", True),
        ("sure", "nee", False),
        ("branch", "2", 2),
        ("way", "spoken", "spoken"),
        ("needs", ["b", "a", "b"], ["b", "a"]),
        ("password", "  spaties horen erbij ", "  spaties horen erbij "),
    ],
)
def test_a_field_understands_what_people_type(
    filled: Callable[..., Any], name: str, typed: Any, value: Any
) -> None:
    with filled(**{name: typed}) as form:
        assert form.validate(), form.errors
        assert value_of(form, name) == value


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("name", "", "Vul dit in."),
        ("name", " \x00 ", "Vul dit in."),
        ("name", "x" * 21, "Gebruik hoogstens 20 tekens."),
        ("story", "x" * 4001, "Gebruik hoogstens 4000 tekens."),
        ("on", "gisteren", "Vul een datum in, zoals 15/11/2026."),
        ("on", "31/02/2026", "Vul een datum in, zoals 15/11/2026."),
        ("on", "0206-11-15", "Vul een jaar met vier cijfers in."),
        ("month", "13/2026", "Vul een maand en een jaar in, zoals 11/2026."),
        ("month", "0026-11", "Vul een jaar met vier cijfers in."),
        ("at", "morgen", "Vul een datum en een uur in."),
        ("at", "0026-11-15T10:00", "Vul een jaar met vier cijfers in."),
        (
            "at",
            "2027-03-28T02:30",
            "Dat uur wordt die nacht overgeslagen: het zomeruur begint.",
        ),
        ("number", "zeven", "Vul een geheel getal in."),
        ("number", "12", "Vul een getal van 0 tot en met 9 in."),
        ("phone", "12", "Vul een telefoonnummer in, zoals 0470 12 34 56 of +32 470 12 34 56."),
        ("email", "an@", "Vul een e-mailadres in, zoals naam@voorbeeld.be."),
        ("postcode", "900", "Vul een postcode van vier cijfers in."),
        ("sure", "misschien", "Kies een van de mogelijkheden."),
        ("branch", "3", "Kies een van de mogelijkheden."),
        ("branch", "x", "Kies een van de mogelijkheden."),
        ("way", "x", "Kies een van de mogelijkheden."),
        ("needs", ["a", "x"], "Kies uit de mogelijkheden."),
    ],
)
def test_what_does_not_fit_is_explained_in_dutch_and_kept(
    filled: Callable[..., Any], name: str, typed: Any, message: str
) -> None:
    with filled(**{name: typed}) as form:
        assert not form.validate()
        assert [str(e) for e in form[name].errors] == [message]
        if hasattr(form[name], "_value"):
            assert form[name]._value() == typed.replace("\x00", "").strip()


def test_an_address_that_reaches_nobody_is_for_the_demonstration_only(
    filled: Callable[..., Any], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(email="els@portal.test") as form:
        assert not form.validate()
    monkeypatch.setitem(app.config, "DEMO", True)
    with filled(email="els@portal.test") as form:
        assert form.validate(), form.errors


@pytest.mark.parametrize(
    "name",
    ["story", "on", "month", "at", "number", "phone", "email", "postcode", "sure", "branch", "way"],
)
def test_a_blank_answer_is_no_error(filled: Callable[..., Any], name: str) -> None:
    with filled(**{name: ""}) as form:
        assert form.validate(), form.errors
        assert value_of(form, name) in (None, "")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (wtforms.StringField, "Vul dit in."),
        (fields.DayField, "Vul dit in."),
        (fields.YesNoField, "Maak een keuze."),
        (fields.CheckboxesField, "Maak een keuze."),
        (wtforms.BooleanField, "Vink dit aan om verder te gaan."),
    ],
)
def test_a_required_answer_is_asked_for_in_words_that_fit(
    filled: Callable[..., Any], field: Any, message: str
) -> None:
    class Asking(BaseForm):
        answer = field("Vraag", [Required()])

    with filled(Asking) as form:
        assert not form.validate()
        assert form.answer.errors == [message]


def test_no_to_a_required_question_is_an_answer(filled: Callable[..., Any]) -> None:
    class Asking(BaseForm):
        answer = fields.YesNoField("Vraag", [Required()])

    with filled(Asking, answer="nee") as form:
        assert form.validate()
        assert form.answer.data is False


@pytest.mark.parametrize("name", ["name", "story"])
def test_a_national_number_in_any_free_text_is_refused_with_the_reason(
    filled: Callable[..., Any], name: str
) -> None:
    with filled(**{name: "85.07.30-033.28"}) as form:
        assert not form.validate()
        assert "rijksregisternummer" in form[name].errors[0]
        assert "Haal het nummer weg" in form[name].errors[0]
        assert form[name].data == "85.07.30-033.28", "what was typed is still there"


def test_every_text_has_a_limit(filled: Callable[..., Any]) -> None:
    texts = (wtforms.StringField, wtforms.PasswordField, wtforms.HiddenField)
    with filled() as form:
        assert all(f.flags.maxlength for f in form if isinstance(f, texts))


def test_the_messages_speak_the_language_chosen(filled: Callable[..., Any]) -> None:
    with filled(name="") as form, force_locale("en"):
        form.validate()
        assert form.name.errors in (["Vul dit in."], ["Fill this in."])


def test_every_text_that_wtforms_can_say_is_dutch(filled: Callable[..., Any]) -> None:
    with filled() as form:
        say = form.meta.get_translations(form)
        plurals = [
            ("Field must be at least %(min)d character long.", "Gebruik minstens 2 tekens."),
            ("Field cannot be longer than %(max)d character.", "Gebruik hoogstens 2 tekens."),
            ("Field must be exactly %(max)d character long.", "Gebruik precies 2 tekens."),
            ("'%(value)s' is not a valid choice for this field.", "Kies uit de mogelijkheden."),
        ]
        assert [say.ngettext(one, one, 2) for one, _ in plurals] == [dutch for _, dutch in plurals]
        assert say.gettext("Invalid UUID.") == "Ongeldige UUID.", "the library's own Dutch"


def test_a_rule_that_refuses_is_shown_at_its_field(filled: Callable[..., Any]) -> None:
    with filled() as form:
        show_error(form, DomainError("Al %(n)s keer gebruikt.", "phone", n=3))
        assert form.phone.errors == ["Al 3 keer gebruikt."]


def test_a_rule_about_one_child_is_shown_at_that_child(filled: Callable[..., Any]) -> None:
    with filled() as form:
        show_error(form, DomainError("Die maand komt nog.", "children-1-month"))
        show_error(form, DomainError("Noem een kind.", "children"))
        show_error(form, DomainError("Dit kind klopt niet.", "children-0"))
        assert form.children.entries[1].form.month.errors == ["Die maand komt nog."]
        assert form.children.errors == ["Noem een kind."]
        assert form.children.entries[0].form.form_errors == ["Dit kind klopt niet."]


@pytest.mark.parametrize("field", [None, "nowhere"])
def test_a_rule_about_no_field_is_shown_above_the_form(
    filled: Callable[..., Any], field: str | None
) -> None:
    with filled() as form:
        show_error(form, DomainError("Dat kan niet: 100 %.", field))
        assert form.form_errors == ["Dat kan niet: 100 %."]


def test_a_form_that_makes_something_carries_a_key_that_stays_the_same(app: Flask) -> None:
    class Making(OnceForm):
        name = wtforms.StringField("Naam", [Required()])

    with app.test_request_context("/"):
        shown = Making().once.data
        assert shown != Making().once.data
    with app.test_request_context("/", method="POST", data={"once": shown, "name": ""}):
        form = Making(meta={"csrf": False})
        assert not form.validate()
        assert form.once.data == shown


@pytest.mark.parametrize(("sent", "version"), [("3", 3), ("", None), ("x", None)])
def test_a_form_that_changes_something_carries_the_version(
    app: Flask, sent: str, version: int | None
) -> None:
    with app.test_request_context("/", method="POST", data={"version": sent}):
        form = VersionedForm(meta={"csrf": False})
        assert form.validate() is (version is not None)
        assert form.version.data == version


def test_what_was_typed_is_given_back_with_its_label_and_without_secrets(
    filled: Callable[..., Any],
) -> None:
    with filled(name="An", story="Lang verhaal", password="geheim", children="") as form:
        assert forms.typed(form) == [("Naam", "An"), ("Verhaal", "Lang verhaal")]


def test_every_field_can_be_shown_empty_filled_and_wrong(
    app: Flask, filled: Callable[..., Any], render: Callable[..., Page]
) -> None:
    template = (
        '{% extends "base_minimal.html" %}{% from "macros/forms.html" import form_open, field, '
        "error_summary %}{% block content %}<h1>Proef</h1>{{ error_summary(form) }}"
        '{{ form_open(form) }}{% for f in form if f.widget.input_type != "hidden" and '
        'f.name != "children" %}{{ field(f) }}{% endfor %}</form>{% endblock %}'
    )
    empty = render(template, form=Visit())
    assert empty.errors == []
    assert empty.value("branch") == ""
    with filled(name="", on="x", needs=["x"], branch="9") as form:
        form.validate()
        wrong = render(template, form=form)
    assert wrong.errors[0] == "Naam: Vul dit in."
    assert len(wrong.errors) == 4
    assert wrong.value("on") == "x"


def test_a_moment_is_shown_in_the_hours_of_brussels(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Visit(data={"at": datetime(2026, 7, 1, 12, 30, tzinfo=UTC)})
        html = render_template_string("{{ form.at() }}", form=form)
        assert 'value="2026-07-01T14:30"' in html
