"""The English catalogue says everything the Dutch screens say, and can be read by gettext."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import parse_pattern
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask_babel import force_locale, gettext

from portal.agreements.contract import TemplateKind
from portal.agreements.template_preview import context_of
from tests import make
from tests.browser import Browser, Page

# As the Makefile gathers them.
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "lazy_gettext": None}
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?\w[^>]*>")

Texts = tuple[str, ...]


def texts_of(message: Message) -> Texts:
    """Return the Dutch text, or the two of a plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def english_of(message: Message) -> Texts:
    """Return the English text, or all forms of a plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.fixture(scope="module")
def spoken(root: Path) -> set[Texts]:
    """Every text in the code and the templates of today, with its plural if it has one."""
    with (root / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(root, methods, options, keywords=KEYWORDS)
    return {(m,) if isinstance(m, str) else tuple(m[:2]) for _, _, m, _, _ in found}


@pytest.fixture(scope="module")
def catalogue(root: Path) -> Catalog:
    with (root / "portal/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


@pytest.fixture(scope="module")
def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it; made here, so that the test needs no `make`."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


@pytest.fixture
def translating(
    app: Flask, compiled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    """The app with the catalogue of today."""
    folder = tmp_path / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(compiled)
    babel = app.extensions["babel"]
    monkeypatch.setattr(babel, "translation_directories", [str(tmp_path)])
    monkeypatch.setattr(babel.instance.domain_instance, "cache", {})
    return app


@pytest.fixture
def english(translating: Flask, browser: Browser) -> Browser:
    """A browser of somebody who chose English."""
    browser.post("core.set_language", {"locale": "en"})
    return browser


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def labels(page: Page) -> set[str]:
    return {"".join(e.itertext()).strip() for e in page.find("label")}


def test_every_text_has_an_english_translation(spoken: set[Texts], catalogue: Catalog) -> None:
    translated = {texts_of(m) for m in messages(catalogue) if all(english_of(m) or [""])}
    assert sorted(spoken - translated) == []


def test_the_catalogue_keeps_no_text_that_nobody_says(
    spoken: set[Texts], catalogue: Catalog
) -> None:
    assert sorted({texts_of(m) for m in messages(catalogue)} - spoken) == []
    assert catalogue.obsolete == {}


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [m.id for m in messages(catalogue) if m.fuzzy] == []


def test_a_translation_fills_in_what_the_dutch_text_fills_in(catalogue: Catalog) -> None:
    def places(texts: Texts) -> list[str]:
        one = sorted(PLACE.findall(texts[0]))
        return one if len(texts) == 1 else sorted({p for t in texts for p in PLACE.findall(t)})

    wrong = [m.id for m in messages(catalogue) if places(texts_of(m)) != places(english_of(m))]
    assert wrong == []


def test_a_translation_keeps_the_spaces_around_the_text(catalogue: Catalog) -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [m.id for m in messages(catalogue) if edges(texts_of(m)[0]) != edges(english_of(m)[0])]
    assert wrong == []


def test_every_pattern_of_a_date_can_be_written_in_english(catalogue: Catalog) -> None:
    patterns = [m for m in messages(catalogue) if "MMMM" in texts_of(m)[0]]
    assert patterns
    for message in patterns:
        fields = set(re.findall(r"%\((\w+)\)s", str(parse_pattern(english_of(message)[0]).format)))
        assert {"d", "MMMM", "yyyy"} <= fields
        assert not re.search(r"'[^']*\b(uur|om)\b", english_of(message)[0])


def test_the_catalogue_compiles(catalogue: Catalog, compiled: bytes) -> None:
    assert [error for message in messages(catalogue) for error in message.check(catalogue)] == []
    assert catalogue.locale == Locale("en")
    assert catalogue.num_plurals == 2
    read = Translations(io.BytesIO(compiled))
    assert read.ugettext("Gezin verwijzen") == "Refer a family"
    assert read.ungettext("%(num)d dag", "%(num)d dagen", 2) == "%(num)d days"


def test_a_page_in_english_is_english_in_title_menu_and_form(english: Browser) -> None:
    page = english.get("security.login")
    assert page.find("html")[0].get("lang") == "en"
    assert (page.find("title")[0].text or "").startswith("Sign in")
    assert page.heading == "Sign in"
    assert {"E-mail address", "Password"} <= labels(page)
    assert "Skip to content" in page.text
    assert "Wachtwoord" not in page.text


def test_somebody_signed_in_finds_the_menu_in_english(english: Browser) -> None:
    member = make.referrer()
    menu = english.sign_in(member.account).get("home.start")
    words = [e for e in menu.find("nav") if e.get("aria-label") == "Main menu"]
    assert words, "no main menu in English"
    assert "Refer a family" in "".join(words[0].itertext())
    assert "Gezin verwijzen" not in menu.text


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_a_contract_stays_dutch_whoever_reads_the_screen(
    translating: Flask, kind: TemplateKind
) -> None:
    with translating.test_request_context("/"):
        dutch = context_of(kind)
        with force_locale("en"):
            assert gettext("Overeenkomst") == "Agreement"
            assert context_of(kind) == dutch
