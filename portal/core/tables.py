"""Lists: filter, sort and page through a query, the same way everywhere.

Pages follow one another by key (the sorted value and the id of the row at the edge), never by
OFFSET: a page costs the same wherever it is, and nothing is skipped when rows come or go. A list
costs one query, or two when it counts, however many rows there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func, select

from portal.core import paging, text
from portal.core.db import db

PAGE_SIZE = 25
COUNT_UP_TO = 10_000
_CONTROLS = frozenset({"na", "voor", "sorteer", "formaat"})

R = TypeVar("R")


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column. `cell` gives the plain value for exports: text, number, date, moment, None.

    sort: what the column is sorted by, never NULL (coalesce it); the statement must be able to
    select it. num: figures, aligned right. hidden: the heading is for screen readers only.
    exported: False for a column that is only on the page.
    """

    key: str
    label: str
    cell: Callable[[R], Any]
    sort: Any = None
    num: bool = False
    hidden: bool = False
    exported: bool = True


@dataclass(frozen=True)
class Filter:
    """One question above a list. `where` turns the answer into a condition.

    choices: the (value, label) pairs of a list to choose from; without it, `kind` is "text"
    (words to look for), "month" or "check" (the answer is "1"). An answer that is not among the
    choices, or for which `where` returns None, filters nothing.
    """

    name: str
    label: str
    where: Callable[[str], ColumnElement[bool] | None]
    choices: Callable[[], Sequence[tuple[Any, str]]] | None = None
    kind: str = "text"


@dataclass(frozen=True)
class Heading:
    """What `table_open` prints of a column."""

    label: str
    sort_url: str | None
    sorted: str | None
    num: bool
    hidden: bool


@dataclass(frozen=True)
class Question:
    """What a filter macro prints: the filter with the answer in use."""

    name: str
    label: str
    kind: str
    value: str
    choices: Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class ListPage(Generic[R]):
    """One page of a list, ready to print. `total` is None when not counted or over 10,000."""

    rows: Sequence[R]
    columns: Sequence[Heading]
    filters: Mapping[str, Question]
    total: int | None
    newer_url: str | None
    older_url: str | None
    reset_url: str | None
    export_urls: Sequence[tuple[str, str]]


class Listing(Generic[R]):
    """A list: declared once beside its view, asked for a page or for an export.

    `row_id` is the column that tells rows apart; `first_sort` the key of the column sorted by
    until the person chooses another, with a minus in front for descending.
    """

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        row_id: Any,
        first_sort: str,
        filters: Sequence[Filter] = (),
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.columns = columns
        self.filters = filters
        self._row_id = row_id
        self._first_sort = first_sort
        self._page_size = page_size
        self._sorts = {
            c.key: paging.check_sortable(c.key, c.sort) for c in columns if c.sort is not None
        }
        if first_sort.removeprefix("-") not in self._sorts:
            raise ValueError(f"{first_sort} is no column that can be sorted")
        if taken := {f.name for f in filters} & _CONTROLS:
            raise ValueError(f"a filter cannot be called {taken}")

    def page(
        self,
        statement: Select[*tuple[Any, ...]],
        args: Mapping[str, str],
        path: str,
        *,
        count: bool = False,
    ) -> ListPage[R]:
        """Return the page that the query string asks for (`request.args`, `request.path`).

        `statement` selects what the person may see, unordered: one entity, or several columns.
        Whatever the query string holds, it answers with a page.
        """
        sort, descending = self._sort(args)
        asked, answers = self._ask(statement, args)
        place = self._place(args, self._sorts[sort])
        rows, before, after = self._fetch(asked, self._sorts[sort], descending, place)
        if place and place.back and len(rows) < self._page_size:
            rows, before, after = self._fetch(asked, self._sorts[sort], descending, None)
        links = _Links(path, {**answers, **self._sorted_by(sort, descending)})
        return ListPage(
            rows=[r[0] if len(r) == 3 else r for r in rows],  # an entity, its sort and its id
            columns=self._headings(sort, descending, _Links(path, answers)),
            filters=self._questions(answers),
            total=self._count(asked) if count else None,
            newer_url=links.to(voor=_cursor(rows[0])) if rows and before else None,
            older_url=links.to(na=_cursor(rows[-1])) if rows and after else None,
            reset_url=path if answers else None,
            export_urls=[("CSV", links.to(formaat="csv")), ("Excel", links.to(formaat="xlsx"))],
        )

    def everything(
        self, statement: Select[*tuple[Any, ...]], args: Mapping[str, str]
    ) -> Select[*tuple[Any, ...]]:
        """Return the statement filtered and sorted as asked, for an export."""
        sort, descending = self._sort(args)
        asked, _answers = self._ask(statement, args)
        return paging.in_order(asked, self._sorts[sort], self._row_id, descending)

    def _sort(self, args: Mapping[str, str]) -> tuple[str, bool]:
        wanted = args.get("sorteer", "")
        if wanted.removeprefix("-") not in self._sorts:
            wanted = self._first_sort
        return wanted.removeprefix("-"), wanted.startswith("-")

    def _sorted_by(self, sort: str, descending: bool) -> dict[str, str]:
        wanted = f"-{sort}" if descending else sort
        return {} if wanted == self._first_sort else {"sorteer": wanted}

    def _ask(
        self, statement: Select[*tuple[Any, ...]], args: Mapping[str, str]
    ) -> tuple[Select[*tuple[Any, ...]], dict[str, str]]:
        answers: dict[str, str] = {}
        for each in self.filters:
            answer = text.line(args.get(each.name, ""))[:100]
            known = not answer or not each.choices or answer in {str(c[0]) for c in each.choices()}
            condition = each.where(answer) if answer and known else None
            if condition is not None:
                statement = statement.where(condition)
                answers[each.name] = answer
        return statement, answers

    def _place(self, args: Mapping[str, str], sort: Any) -> paging.Place | None:
        for name in ("na", "voor"):
            if args.get(name):
                return paging.decode(args[name], sort, back=name == "voor")
        return None

    def _fetch(
        self,
        statement: Select[*tuple[Any, ...]],
        sort: Any,
        descending: bool,
        place: paging.Place | None,
    ) -> tuple[list[Any], bool, bool]:
        """Return the rows, whether there are any before them, and whether any after."""
        back = place is not None and place.back
        down = descending != back
        if place is not None:
            statement = paging.beyond(statement, place, sort, self._row_id, down)
        statement = statement.add_columns(sort.label("sort_value"), self._row_id.label("row_id"))
        statement = paging.in_order(statement, sort, self._row_id, down)
        found = list(db.session.execute(statement.limit(self._page_size + 1)).all())
        more = len(found) > self._page_size
        found = found[: self._page_size]
        if back:
            return found[::-1], more, True
        return found, place is not None, more

    def _count(self, statement: Select[*tuple[Any, ...]]) -> int | None:
        ids = statement.with_only_columns(self._row_id, maintain_column_froms=True)
        some = ids.limit(COUNT_UP_TO + 1).subquery()
        number = db.session.scalar(select(func.count()).select_from(some)) or 0
        return number if number <= COUNT_UP_TO else None

    def _headings(self, sort: str, descending: bool, links: "_Links") -> list[Heading]:
        found = []
        for column in self.columns:
            order = None
            if column.key == sort:
                order = "descending" if descending else "ascending"
            url = None
            if column.sort is not None:
                turned = f"-{column.key}" if order == "ascending" else column.key
                url = links.to(sorteer=turned)
            label = gettext(column.label)
            found.append(Heading(label, url, order, column.num, column.hidden))
        return found

    def _questions(self, answers: Mapping[str, str]) -> dict[str, Question]:
        return {
            f.name: Question(
                f.name,
                gettext(f.label),
                "select" if f.choices else f.kind,
                answers.get(f.name, ""),
                f.choices() if f.choices else (),
            )
            for f in self.filters
        }


class _Links:
    """Addresses of the same list, asked in another way."""

    def __init__(self, path: str, asked: Mapping[str, str]) -> None:
        self._path = path
        self._asked = asked

    def to(self, **more: str) -> str:
        return f"{self._path}?{urlencode({**self._asked, **more})}"


def _cursor(row: Any) -> str:
    return paging.encode(row.sort_value, row.row_id)
