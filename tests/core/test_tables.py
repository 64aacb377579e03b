"""Lists page by key, whatever the query string holds, at a constant number of queries."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.core.db import UtcDateTime, db, text_enum
from portal.core.tables import COUNT_UP_TO, Column, Filter, Listing
from tests.browser import Page


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class ToyBase(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's name


class Toy(ToyBase):
    __tablename__ = "toy"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    colour: Mapped[Colour] = mapped_column(text_enum(Colour))
    at: Mapped[datetime]
    on: Mapped[date]
    urgent: Mapped[bool]
    size: Mapped[int | None]


LISTING: Listing[Toy] = Listing(
    (
        Column("name", "Naam", lambda t: t.name, sort=Toy.name),
        Column("colour", "Kleur", lambda t: t.colour, sort=Toy.colour),
        Column("at", "Sinds", lambda t: t.at, sort=Toy.at),
        Column("on", "Dag", lambda t: t.on, sort=Toy.on),
        Column("urgent", "Dringend", lambda t: t.urgent, sort=Toy.urgent),
        Column("size", "Maat", lambda t: t.size, sort=func.coalesce(Toy.size, 0), num=True),
        Column("actions", "Acties", lambda t: None, hidden=True, exported=False),
    ),
    row_id=Toy.id,
    first_sort="-at",
    filters=(
        Filter("zoek", "Zoek", lambda words: Toy.name.contains(words, autoescape=True)),
        Filter("kleur", "Kleur", lambda c: Toy.colour == Colour(c), lambda: CHOICES),
        Filter("groot", "Groot", lambda _: Toy.size > 5, kind="check"),
        Filter("even", "Even", lambda n: Toy.id % 2 == 0 if n == "ja" else None),
    ),
    page_size=10,
)
CHOICES = [("red", "Rood"), ("blue", "Blauw")]
SORTS = [f"{sign}{c.key}" for c in LISTING.columns if c.sort is not None for sign in ("", "-")]


def make_toys(number: int) -> None:
    chance, start = random.Random(3), datetime(2026, 1, 1, tzinfo=UTC)
    for index in range(number):
        days = timedelta(days=chance.randrange(8))
        toy = Toy(id=index + 1, name=f"toy {chance.randrange(30):02}", at=start + days)
        toy.colour, toy.on = chance.choice(list(Colour)), (start + days).date()
        toy.urgent, toy.size = chance.random() < 0.2, chance.choice([None, 1, 5, 9])
        db.session.add(toy)
    db.session.flush()


def red_toy(row_id: int, name: str) -> Toy:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return Toy(id=row_id, name=name, colour=Colour.RED, at=start, on=start.date(), urgent=False)


@pytest.fixture
def toys(session: Session) -> None:
    ToyBase.metadata.create_all(session.connection())
    make_toys(47)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked(url: str | None) -> dict[str, str]:
    assert url is not None
    return dict(parse_qsl(urlsplit(url).query))


def ids(args: dict[str, str]) -> list[list[int]]:
    """Follow "older" from the first page and return the ids of every page."""
    pages = []
    while True:
        page = LISTING.page(select(Toy), args, "/toys")
        pages.append([toy.id for toy in page.rows])
        if page.older_url is None:
            return pages
        args = asked(page.older_url)


def expected(args: dict[str, str]) -> list[int]:
    found = db.session.scalars(LISTING.everything(select(Toy), args)).all()
    return [toy.id for toy in found]


@pytest.mark.parametrize("sort", SORTS)
def test_paging_shows_every_row_once_and_in_order(toys: None, sort: str) -> None:
    pages = ids({"sorteer": sort})
    assert [len(p) for p in pages] == [10, 10, 10, 10, 7]
    assert [i for page in pages for i in page] == expected({"sorteer": sort})


@pytest.mark.parametrize("sort", SORTS)
def test_going_back_shows_the_same_pages(toys: None, sort: str) -> None:
    pages = ids({"sorteer": sort})
    page, back = LISTING.page(select(Toy), {"sorteer": sort}, "/toys"), []
    while page.older_url:
        page = LISTING.page(select(Toy), asked(page.older_url), "/toys")
    while page.newer_url:
        page = LISTING.page(select(Toy), asked(page.newer_url), "/toys")
        back.append([toy.id for toy in page.rows])
    assert back[::-1] == pages[:-1]
    assert page.newer_url is None


def test_rows_that_come_or_go_are_neither_skipped_nor_shown_twice(
    session: Session, toys: None
) -> None:
    args = {"sorteer": "name"}
    first = LISTING.page(select(Toy), args, "/toys")
    seen = [toy.id for toy in first.rows]
    session.delete(first.rows[-1])  # the row at the edge itself
    session.add(red_toy(900, "aaa"))
    session.flush()
    rest = [i for page in ids(asked(first.older_url)) for i in page]
    assert sorted(seen + rest) == list(range(1, 48))


def test_a_first_page_of_which_rows_vanished_is_shown_whole_when_going_back(
    session: Session, toys: None
) -> None:
    first = LISTING.page(select(Toy), {}, "/toys")
    second = LISTING.page(select(Toy), asked(first.older_url), "/toys")
    session.delete(first.rows[3])
    session.flush()
    again = LISTING.page(select(Toy), asked(second.newer_url), "/toys")
    assert len(again.rows) == 10
    assert again.newer_url is None


def test_filters_narrow_the_list_and_travel_with_every_link(toys: None) -> None:
    page = LISTING.page(select(Toy), {"kleur": "red", "sorteer": "name"}, "/toys", count=True)
    assert {toy.colour for toy in page.rows} == {Colour.RED}
    assert page.total == len(expected({"kleur": "red"}))
    assert page.filters["kleur"].value == "red"
    assert page.filters["kleur"].choices == CHOICES
    assert page.reset_url == "/toys"
    links = [page.older_url, page.columns[0].sort_url, page.export_urls[0][1]]
    assert all(asked(link)["kleur"] == "red" for link in links)
    assert asked(page.export_urls[1][1]) == {"kleur": "red", "sorteer": "name", "formaat": "xlsx"}


def test_an_answer_that_is_no_choice_filters_nothing(toys: None) -> None:
    for args in ({"kleur": "green"}, {"even": "nee"}, {"zoek": " "}, {"onbekend": "x"}):
        page = LISTING.page(select(Toy), args, "/toys", count=True)
        assert page.total == 47
        assert page.reset_url is None


def test_a_search_takes_its_words_literally(toys: None) -> None:
    assert LISTING.page(select(Toy), {"zoek": "%"}, "/toys").rows == []
    assert LISTING.page(select(Toy), {"zoek": "toy 0"}, "/toys").rows


def test_headings_say_how_the_list_is_sorted_and_how_it_could_be(toys: None) -> None:
    page = LISTING.page(select(Toy), {"sorteer": "name"}, "/toys")
    headings = {h.label: h for h in page.columns}
    assert headings["Naam"].sorted == "ascending"
    assert asked(headings["Naam"].sort_url) == {"sorteer": "-name"}
    assert headings["Sinds"].sorted is None
    assert asked(headings["Sinds"].sort_url) == {"sorteer": "at"}
    assert headings["Acties"].sort_url is None
    assert headings["Acties"].hidden
    assert headings["Maat"].num


def test_a_list_costs_two_queries_however_many_rows_there_are(session: Session, toys: None) -> None:
    older = LISTING.page(select(Toy), {}, "/toys").older_url
    for more in (0, 200):
        session.execute(delete(Toy).where(Toy.id > 47))
        for index in range(more):
            session.add(red_toy(1000 + index, "x"))
        session.flush()
        for args in ({}, asked(older), {"kleur": "red"}):
            with counted_queries() as queries:
                LISTING.page(select(Toy), args, "/toys", count=True)
            assert len(queries) == 2


def test_a_count_that_would_be_dear_is_left_out(
    session: Session, toys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.core.tables.COUNT_UP_TO", 46)
    assert COUNT_UP_TO == 10_000
    assert LISTING.page(select(Toy), {}, "/toys", count=True).total is None
    assert LISTING.page(select(Toy), {}, "/toys").total is None


def test_several_columns_can_be_listed_as_well_as_an_entity(toys: None) -> None:
    page = LISTING.page(select(Toy.name, Toy.colour), {"sorteer": "name"}, "/toys")
    assert [row.name for row in page.rows] == sorted(row.name for row in page.rows)


def test_an_empty_list_is_a_list(session: Session) -> None:
    ToyBase.metadata.create_all(session.connection())
    page = LISTING.page(select(Toy), {}, "/toys", count=True)
    assert (page.rows, page.total, page.newer_url, page.older_url) == ([], 0, None, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["na", "voor", "sorteer", "kleur", "zoek", "even"]),
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["W10", "e30", "bnVsbA", "WzEsMV0", "W251bGwsbnVsbF0", "WyJcdTAwMDAiLDFd"]),
        st.from_regex(r"W[A-Za-z0-9_-]{2,40}", fullmatch=True),
    ),
    st.sampled_from(SORTS),
)
def test_whatever_the_query_string_holds_the_answer_is_a_page(
    toys: None, name: str, value: str, sort: str
) -> None:
    page = LISTING.page(select(Toy), {"sorteer": sort, name: value}, "/toys", count=True)
    assert page.total is not None


def test_a_link_of_one_sort_makes_no_trouble_for_another(toys: None) -> None:
    links = [LISTING.page(select(Toy), {"sorteer": s}, "/toys").older_url for s in SORTS]
    for link in links:
        for sort in SORTS:
            LISTING.page(select(Toy), {**asked(link), "sorteer": sort}, "/toys")


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (Column("size", "Maat", lambda t: t, sort=Toy.size), "may be NULL"),
        (Column("x", "X", lambda t: t, sort=func.length(Toy.name) / 2.0), "no link can carry"),
    ],
)
def test_a_column_that_cannot_be_paged_by_is_refused_at_once(
    column: Column[Any], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        Listing((column,), row_id=Toy.id, first_sort=column.key)


def test_a_list_needs_a_known_sort_and_names_of_its_own() -> None:
    name = Column[Any]("name", "Naam", lambda t: t.name, sort=Toy.name)
    with pytest.raises(ValueError, match="no column"):
        Listing((name,), row_id=Toy.id, first_sort="-x")
    with pytest.raises(ValueError, match="cannot be called"):
        Listing(
            (name,), row_id=Toy.id, first_sort="name", filters=(Filter("na", "", lambda _: None),)
        )


def test_a_list_is_printed_by_the_macros(
    app: Flask, toys: None, render: Callable[..., Page]
) -> None:
    page = render(
        """{% extends "base_minimal.html" %}{% from "macros/tables.html" import table_open,
        table_close, pager, export_links, filter_bar, filter_select, filter_text %}
        {% block content %}<h1>Lijst</h1>
        {% call filter_bar(list.reset_url) %}{% set f = list.filters %}
        {{ filter_text("zoek", f.zoek.label, f.zoek.value) }}
        {{ filter_select("kleur", f.kleur.label, f.kleur.choices, f.kleur.value) }}{% endcall %}
        {{ table_open("Speelgoed", list.columns) }}{% for toy in list.rows %}
        <tr>{% for c in list.columns %}<td>{{ toy.name }}</td>{% endfor %}</tr>{% endfor %}
        {{ table_close() }}{{ pager(list.rows|length, list.total, list.newer_url, list.older_url) }}
        {{ export_links(list.export_urls) }}{% endblock %}""",
        list=LISTING.page(select(Toy), {"sorteer": "name", "kleur": "red"}, "/toys", count=True),
    )
    assert page.value("kleur") == "red"
    assert any("formaat=csv" in link for link in page.links())
    assert [e.get("aria-sort") for e in page.find("th") if e.get("aria-sort")] == ["ascending"]
