"""Filling in a template: every value comes out as it went in, and nothing else happens."""

import io

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.rendering import RefusedError, inspect_docx, render_docx
from tests.core.rendering.make_docx import word

TEMPLATE = word("Naam: {{ naam }}.", "{%p for r in regels %}", "- {{ r }}", "{%p endfor %}")
AWKWARD = (
    "A & B <vzw>",
    "</w:t></w:r></w:p>",
    "{{ 7*7 }} {% for %} {_{ }_} {#",
    "“Çocuk” ‘ve’ Aile – Łódź & Žďár",
    "=1+1 | ${x} | <%= y %>",
    "regel een\nregel twee",
    "met\ttab",
    "x" * 5000,
    "   spaties   ",
)


def texts(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


@pytest.mark.parametrize("value", AWKWARD)
@pytest.mark.parametrize("trusted", [True, False])
def test_a_value_comes_out_exactly(value: str, trusted: bool) -> None:
    data = render_docx(TEMPLATE, {"naam": value, "regels": [value, "b"]}, trusted=trusted)

    assert texts(data) == [f"Naam: {value}.", f"- {value}", "- b"]
    assert inspect_docx(data) == []


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\x1e"), max_size=60
    )
)
def test_any_text_comes_out_exactly(value: str) -> None:
    data = render_docx(TEMPLATE, {"naam": value, "regels": []}, trusted=True)

    assert texts(data) == [f"Naam: {value}."]


def test_what_xml_cannot_hold_is_left_out() -> None:
    data = render_docx(TEMPLATE, {"naam": "a\x00b\x07c\x0cd\ud800e", "regels": []}, trusted=True)

    assert texts(data) == ["Naam: abcde."]


def test_the_title_is_that_of_the_document() -> None:
    data = render_docx(TEMPLATE, {"naam": "x", "regels": []}, title="A & B " * 60)

    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.title == ("A & B " * 60)[:255]
    assert properties.language == "nl-BE"


def test_headers_and_footers_are_filled_in_too() -> None:
    template = word("Tekst", header="{{ naam }}", footer="Versie {{ naam }}")

    document = docx.Document(io.BytesIO(render_docx(template, {"naam": "A & B"})))

    assert document.sections[0].header.paragraphs[0].text == "A & B"
    assert document.sections[0].footer.paragraphs[0].text == "Versie A & B"


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(
    "text", ["{{ anders }}", "{{ naam.x }}", "{% if naam %}", "{{ naam|attr('x') }}"]
)
def test_a_template_that_cannot_be_filled_in_is_refused_in_dutch(text: str, trusted: bool) -> None:
    with pytest.raises(RefusedError) as refused:
        render_docx(word(text), {"naam": "x", "regels": []}, trusted=trusted)

    assert "kan niet ingevuld worden" in str(refused.value)


def test_a_template_that_escapes_its_fields_reaches_nothing() -> None:
    attack = "{{ naam.__class__.__mro__[1].__subclasses__() }}"

    with pytest.raises(RefusedError):
        render_docx(word(attack), {"naam": "x", "regels": []})


def test_a_template_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.rendering import filling
    from portal.core.rendering.jail import Limits

    monkeypatch.setattr(filling, "_LIMITS", Limits(seconds=3))
    loops = "".join(f"{{% for v{n} in regels %}}" for n in range(9))
    ends = "{% endfor %}" * 9

    with pytest.raises(RefusedError) as refused:
        render_docx(word(f"{loops}x{ends}"), {"naam": "x", "regels": list(range(30))})

    assert "te veel tijd of geheugen" in str(refused.value)
