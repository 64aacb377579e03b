"""Forms on a page: every error leads to its field, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
import wtforms
from werkzeug.datastructures import MultiDict

from portal.core import fields
from portal.core.errors import DomainError
from portal.core.forms import OnceForm, Required, show_error
from tests.browser import Page

Render = Callable[..., Page]


class Child(wtforms.Form):
    first_name = wtforms.StringField("Voornaam")
    birth_month = fields.MonthField("Geboortemaand", [Required()])


class Question(OnceForm):
    name = wtforms.StringField("Naam", [Required("Vul een naam in.")])
    story = wtforms.TextAreaField("Vraag", [wtforms.validators.Length(max=1000)])
    interpreter = fields.YesNoField("Is er een tolk nodig?", [Required("Kies ja of nee.")])
    tasks = fields.CheckboxesField("Taken", choices=[("rest", "Rust"), ("play", "Spelen")])
    consent = wtforms.BooleanField("Het gezin stemt in", [Required()])
    children = wtforms.FieldList(wtforms.FormField(Child), "Kind", min_entries=2, max_entries=4)


FORM_PAGE = """
{% extends "base_minimal.html" %}
{% from "macros/forms.html" import error_summary, field, form_open, repeat, steps, submits %}
{% block title %}Vraag{% endblock %}
{% block content %}
<h1>Vraag</h1>
{{ steps([{"label": "Eerst", "state": "done", "url": "/eerst"}, {"label": "Nu", "state": "current"}]) }}
{{ error_summary(form) }}
{{ form_open(form, version=7, warn_unsaved=True) }}
{{ field(form.name, hint="Zoals op de brievenbus.") }}
{{ field(form.story) }}
{{ field(form.interpreter) }}
{{ field(form.tasks, hints={"rest": "Voor de ouder."}, shown_if="interpreter=ja") }}
{{ field(form.consent) }}
{% call(entry) repeat(form.children, "Kind", "Nog een kind") %}
{{ field(entry.form.first_name) }}{{ field(entry.form.birth_month) }}
{% endcall %}
{{ submits("Bewaar") }}
</form>
{% endblock %}
"""


@pytest.fixture
def filled(render: Render) -> Callable[..., Question]:
    """Return a function that gives the form as sent with these values, and validated."""

    def send(**values: Any) -> Question:
        sent = MultiDict({"once": "sleutel", "name": "", **values})
        form = Question(sent, meta={"csrf": False})
        form.validate()
        return form

    return send


def _ids(page: Page) -> set[str]:
    return {e.get("id", "") for e in page.find()}


def test_each_error_in_the_summary_leads_to_its_field(
    render: Render, filled: Callable[..., Question]
) -> None:
    page = render(FORM_PAGE, form=filled())
    links = [link for link in page.links() if link.startswith("#") and link != "#inhoud"]
    assert {link[1:] for link in links} <= _ids(page)
    assert "Naam: Vul een naam in." in page.errors
    assert "Is er een tolk nodig? Kies ja of nee." in page.errors
    assert "Kind 2, Geboortemaand: Vul dit in." in page.errors


def test_a_rules_refusal_inside_a_row_reaches_the_summary(
    render: Render, filled: Callable[..., Question]
) -> None:
    months = {"children-0-birth_month": "2024-05", "children-1-birth_month": "2021-11"}
    form = filled(name="F", interpreter="nee", consent="y", **months)
    assert not form.errors
    show_error(form, DomainError("Dit kind is al 12.", "children-1-birth_month"))
    page = render(FORM_PAGE, form=form)
    assert page.errors == ["Kind 2, Geboortemaand: Dit kind is al 12."]
    show_error(form, DomainError("Er loopt al een verwijzing."))
    assert "Er loopt al een verwijzing." in render(FORM_PAGE, form=form).errors


def test_a_form_without_errors_has_no_summary(render: Render) -> None:
    page = render(FORM_PAGE, form=Question(None, meta={"csrf": False}))
    assert page.errors == []


def test_what_was_typed_comes_back_as_text(render: Render, filled: Callable[..., Question]) -> None:
    page = render(
        FORM_PAGE, form=filled(name='"><script>x', story="a\n</textarea><b>", tasks="play")
    )
    assert page.value("name") == '"><script>x'
    assert page.value("story") == "a\n</textarea><b>"
    assert not page.find("b")
    assert not page.find("script")
    ticked = [e.get("value") for e in page.find("input") if e.get("checked") is not None]
    assert ticked == ["play"]


def test_the_browser_never_cuts_off_what_is_typed(render: Render) -> None:
    page = render(FORM_PAGE, form=Question(None, meta={"csrf": False}))
    assert not [e for e in page.find() if e.get("maxlength")]
    assert "Hoogstens 1.000 tekens." in page.text


def test_a_field_is_tied_to_its_hint_and_its_error(
    render: Render, filled: Callable[..., Question]
) -> None:
    page = render(FORM_PAGE, form=filled())
    name = next(e for e in page.find("input") if e.get("name") == "name")
    assert name.get("aria-describedby") == "name-hint name-error"
    assert name.get("aria-invalid") == "true"
    groups = ["".join(e.itertext()) for e in page.find("legend")]
    assert groups[:2] == ["Is er een tolk nodig?", "Taken"]


def test_token_key_and_version_travel_and_two_forms_fit_on_one_page(
    render: Render, filled: Callable[..., Question]
) -> None:
    twice = """{% extends "base_minimal.html" %}
    {% from "macros/forms.html" import form_open %}
    {% from "macros/page.html" import actions %}
    {% block content %}<h1>x</h1>{{ form_open(form, version=7) }}</form>{{ form_open() }}</form>
    {{ actions([{"label": "Plan intake", "url": "/x", "method": "post"}], version=7) }}
    {% endblock %}"""
    page = render(twice, form=filled())
    assert page.hidden()["once"] == "sleutel"
    assert page.hidden()["version"] == "7"
    assert page.hidden()["csrf_token"]
