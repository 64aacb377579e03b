"""One look for all pages: error pages, lists, parts of a page, mails."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import wtforms
from flask import Flask, render_template
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.core.errors import Change, ConflictError
from portal.core.forms import BaseForm
from portal.core.mail import Mail
from tests.browser import Browser, Page

Render = Callable[..., Page]


# Error pages


def test_an_address_that_does_not_exist_gets_a_dutch_page(browser: Browser) -> None:
    page = browser.open("/bestaat-niet")
    assert page.status == 404
    assert page.heading == "Deze pagina vinden we niet"
    assert "/" in page.links()


def test_a_broken_page_gives_a_number_to_quote_and_the_log_has_it(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("Fatima")

    monkeypatch.setitem(app.view_functions, "core.health", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with caplog.at_level(logging.ERROR):
        page = browser.get("core.health")
    number = re.search(r"Nummer: (\w{16})", page.text)
    assert page.status == 500
    assert number
    assert number.group(1) in caplog.text
    assert "Fatima" not in page.text + caplog.text


def test_with_the_database_gone_there_still_is_a_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_options: Any) -> None:
        raise OperationalError("select 1", {}, Exception("gone"))

    for name in ("execute", "scalars", "scalar", "get"):
        monkeypatch.setattr(Session, name, gone)
    page = Page(browser.client.get("/gezond"))
    assert page.status == 503
    assert page.heading == "Het portaal is even niet bereikbaar"


def test_who_came_second_sees_what_changed_and_what_she_had_typed(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Note(BaseForm):
        note = wtforms.TextAreaField("Nota")

    def conflict() -> str:
        Note()
        raise ConflictError("Te laat.", [Change("Intake gepland", "vandaag", "Bart Claes")])

    monkeypatch.setitem(app.view_functions, "core.set_language", conflict)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    page = Page(browser.client.post("/taal", data={"note": "Belt <b>zelf</b> terug"}))
    assert page.status == 409
    for words in ("Te laat.", "Intake gepland", "Bart Claes", "Belt <b>zelf</b> terug"):
        assert words in page.text
    assert not page.find("b")


def test_a_form_that_stood_open_too_long_says_nothing_was_sent(browser: Browser) -> None:
    page = Page(browser.client.post("/taal", data={"locale": "nl"}))
    assert page.status == 400
    assert page.heading == "Deze pagina stond te lang open"


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_error_page_says_what_now_and_shows_the_crisis_lines(
    render: Render, code: int
) -> None:
    page = render(f'{{% extends "errors/{code}.html" %}}')
    assert {"/", "/contact", "tel:112", "tel:1712"} <= set(page.links())


# Lists


def test_a_list_names_its_order_and_how_much_there_is(render: Render) -> None:
    page = render(
        """{% extends "base_minimal.html" %}
        {% from "macros/tables.html" import table_open, table_close, pager, filter_bar, filter_select %}
        {% block content %}<h1>Verwijzingen</h1>
        {% call filter_bar(reset_url="/alles") %}
        {{ filter_select("status", "Status", [("new", "Nieuw"), ("running", "Lopend")], "running") }}
        {% endcall %}
        {{ table_open("Verwijzingen", [{"label": "Ontvangen", "sort_url": "?s=a", "sorted": "descending"}]) }}
        <tr><td data-label="Ontvangen">15/11/2026</td></tr>
        {{ table_close() }}{{ pager(25, 1234, older_url="?na=25") }}{% endblock %}"""
    )
    assert [e.get("aria-sort") for e in page.find("th")] == ["descending"]
    assert "25 van 1.234" in page.text
    assert {"?na=25", "/alles"} <= set(page.links())
    assert page.value("status") == "running"


# Parts of a page


def test_a_summary_says_what_was_not_filled_in(render: Render) -> None:
    page = render(
        """{% extends "base_minimal.html" %}{% from "macros/page.html" import summary %}
        {% block content %}<h1>x</h1>{{ summary([
          {"label": "Straat", "value": None}, {"label": "Kinderen", "value": ["Bo", "<i>Yas"]},
          {"label": "Aantal", "value": 0, "change_url": "/w"}]) }}{% endblock %}"""
    )
    assert ["".join(e.itertext()).strip() for e in page.find("dd")][:3] == [
        "Niet ingevuld",
        "Bo<i>Yas",
        "0",
    ]
    assert "Wijzigen: Aantal" in page.text


def test_a_chart_can_be_read_without_seeing_it(render: Render) -> None:
    page = render(
        """{% extends "base_minimal.html" %}{% from "macros/page.html" import bar_chart %}
        {% block content %}<h1>x</h1>
        {{ bar_chart("k", "Per soort", [("OCMW", 4), ("Vroedvrouw", 0)]) }}
        {{ bar_chart("leeg", "Nog niets", []) }}{% endblock %}"""
    )
    assert "OCMW: 4, Vroedvrouw: 0." in page.text


# Mail


def test_a_mail_says_the_same_in_text_and_in_html(app: Flask) -> None:
    mail = Mail(
        to="a@b.be",
        subject="Nieuwe verwijzing",
        greeting="Dag Jo & An,",
        paragraphs=["Er is een nieuwe verwijzing.", "Je hebt 14 dagen."],
        button_label="Bekijk",
        button_url="https://portaal.example/v?a=1&b=2",
        footer="Je bent coördinator.",
    )
    with app.test_request_context("/"):
        text = render_template("mail/message.txt", mail=mail)
        html = render_template("mail/message.html", mail=mail)
    for words in (mail.greeting, *mail.paragraphs, mail.button_url, mail.footer):
        assert words in text
        assert words.replace("&", "&amp;") in html
    assert "src=" not in html
