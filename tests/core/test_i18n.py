"""Dates and amounts as people here write them, in the language they chose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, render_template_string, session
from flask_babel import force_locale, gettext

from portal.core import clock as time
from portal.core.i18n import N_, chosen_locale, long_date, moment, short_date, speaking
from tests.browser import Browser


def shown(template: str, **values: object) -> str:
    return render_template_string(template, **values)


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("{{ v|date }}", date(2026, 3, 1), "1 maart 2026"),
        ("{{ v|date }}", datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1 januari 2027"),
        ("{{ v|shortdate }}", date(2026, 3, 1), "01/03/2026"),
        ("{{ v|shortdate }}", datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "01/07/2026"),
        ("{{ v|datetime }}", datetime(2026, 7, 1, 12, 5, tzinfo=UTC), "1 juli 2026 om 14.05 uur"),
        ("{{ v|month }}", date(2026, 11, 1), "november 2026"),
        ("{{ v|euro }}", 123456, "€\u00a01.234,56"),
        ("{{ v|numberformat }}", 12345, "12.345"),
    ],
)
def test_a_value_is_written_as_people_here_write_it(
    app: Flask, template: str, value: object, words: str
) -> None:
    with app.test_request_context("/"):
        assert shown(template, v=value) == words
    assert shown(template, v=value) == words, "also in a mail, where there is no request"


@pytest.mark.parametrize("name", ["date", "shortdate", "datetime", "month", "ago", "euro"])
def test_nothing_is_written_as_nothing(app: Flask, name: str) -> None:
    assert shown("{{ v|" + name + " }}", v=None) == ""


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "zonet"),
        (timedelta(seconds=-20), "zonet"),
        (timedelta(minutes=5), "5 minuten geleden"),
        (timedelta(days=3), "3 dagen geleden"),
    ],
)
def test_how_long_ago_is_said_in_words(app: Flask, clock, passed: timedelta, words: str) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))
    assert shown("{{ v|ago }}", v=time.now() - passed) == words


def test_code_can_write_dates_without_a_template(app: Flask) -> None:
    assert short_date(date(2026, 3, 1)) == "01/03/2026"
    assert long_date(date(2026, 3, 1)) == "1 maart 2026"
    assert moment(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "1 juli 2026 om 14.05 uur"


def test_a_mail_speaks_the_language_of_its_reader(app: Flask) -> None:
    with app.test_request_context("/"):
        with speaking("en"):
            assert long_date(date(2026, 3, 1)) == "1 March 2026"
        with speaking("xx"):
            assert long_date(date(2026, 3, 1)) == "1 maart 2026"
        assert long_date(date(2026, 3, 1)) == "1 maart 2026"


def test_a_marked_text_is_itself() -> None:
    assert N_("Gezin") == "Gezin"


def test_dutch_is_spoken_until_somebody_chooses(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "fr,en"}):
        assert chosen_locale() == "nl"


def test_a_chosen_language_stays_for_the_pages_that_follow(browser: Browser) -> None:
    assert browser.open("/nergens").find("html")[0].get("lang") == "nl"
    answer = browser.post("core.set_language", {"locale": "en", "next": "/privacy"})
    assert (answer.status, answer.location) == (302, "/privacy")
    assert browser.open("/nergens").find("html")[0].get("lang") == "en"
    browser.post("core.set_language", {"locale": "nl"})
    assert browser.open("/nergens").find("html")[0].get("lang") == "nl"


@pytest.mark.parametrize("locale", ["fr", "", "../../etc", "nl\r\nX: y"])
def test_a_language_that_is_not_offered_changes_nothing(browser: Browser, locale: str) -> None:
    answer = browser.post("core.set_language", {"locale": locale, "next": "https://elders.example"})
    assert answer.location == "/"
    assert browser.open("/nergens").find("html")[0].get("lang") == "nl"


def test_a_language_that_is_no_longer_offered_becomes_dutch(app: Flask) -> None:
    with app.test_request_context("/"):
        session["locale"] = "fr"
        assert chosen_locale() == "nl"
        session["locale"] = "en"
        assert chosen_locale() == "en"


def test_a_text_without_translation_is_shown_in_dutch(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert gettext("Een zin die niemand vertaalde") == "Een zin die niemand vertaalde"
