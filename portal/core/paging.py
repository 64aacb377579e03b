"""Where a page of a list begins: the sorted value and the id of the row at its edge, in a link.

A link carries no more than what the person saw; one that was made up answers like no link at all.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Select, literal, tuple_

from portal.core.db import BigInt, UtcDateTime


@dataclass(frozen=True)
class Place:
    """Where a page begins: beyond this value and id, onwards or back."""

    value: Any
    row_id: int
    back: bool


def beyond(
    statement: Select[*tuple[Any, ...]], place: Place, sort: Any, row_id: Any, down: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement for the rows past a place, in an ascending or descending order."""
    here = tuple_(sort, row_id)
    edge = tuple_(literal(place.value, sort.type), literal(place.row_id, BigInt))
    return statement.where(here < edge if down else here > edge)


def in_order(
    statement: Select[*tuple[Any, ...]], sort: Any, row_id: Any, down: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement sorted, rows of equal value by their id."""
    order = (sort.desc(), row_id.desc()) if down else (sort.asc(), row_id.asc())
    return statement.order_by(*order)


def check_sortable(key: str, sort: Any) -> Any:
    """Return the sort expression. Raises ValueError for one that paging by key cannot follow."""
    plain = getattr(sort, "expression", sort)
    if isinstance(plain, Column) and plain.nullable:
        raise ValueError(f"{key} is sorted by a column that may be NULL: coalesce it")
    carried = issubclass(_kind(sort), (int, str, date))
    if not carried:
        raise ValueError(f"{key} is sorted by a type that no link can carry")
    return sort


def encode(value: Any, row_id: int) -> str:
    """Return the place of a row as text for a link."""
    plain = value.isoformat() if isinstance(value, date) else value
    content = json.dumps([plain, row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode(cursor: str, sort: Any, *, back: bool) -> Place | None:
    """Return the place a link speaks of, or None when nobody could have been given that link."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        value, row_id = json.loads(content)
        return Place(_read(value, _kind(sort)), _number(row_id), back)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _kind(sort: Any) -> type:
    """Return what Python type a sorted column holds."""
    return datetime if isinstance(sort.type, UtcDateTime) else sort.type.python_type


def _read(value: Any, kind: type) -> Any:
    if issubclass(kind, datetime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if issubclass(kind, date):
        return date.fromisoformat(value)
    if issubclass(kind, str):
        if b"\0" in value.encode():
            raise ValueError("no database holds this text")
        return kind(value)
    return kind(_number(value))


def _number(value: Any) -> int:
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError("no database holds this number")
    return value
