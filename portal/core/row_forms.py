"""Rows inside a form: a list of equal questions, of which those left empty do not count."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms.validators import NumberRange, Optional

from portal.core.forms import BaseForm

SPARE_ROWS = 2


class RowForm(BaseForm):
    """One row of a list inside a form; a row left empty is no row."""

    class Meta(BaseForm.Meta):
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    #: fields that do not make a row by themselves
    beside: ClassVar[frozenset[str]] = frozenset()

    @property
    def filled(self) -> bool:
        """Say whether anything was filled in."""
        return any(
            _answered(field) for field in self if field.name.split("-")[-1] not in self.beside
        )


def between(low: int, high: int) -> list[Any]:
    """Return what checks a number that may be left out."""
    return [Optional(), NumberRange(low, high)]


def rows_of(entries: Iterable[Any]) -> list[Any]:
    """Return the row forms of a field list that were filled in."""
    return [entry.form for entry in entries if entry.form.filled]


def add_spare_rows(fieldlist: Any, sent: bool, spare: int = SPARE_ROWS) -> None:
    """Give a list empty rows to fill in; a form that was sent keeps the rows it came with."""
    if sent:
        return
    for _ in range(spare):
        if fieldlist.max_entries is None or len(fieldlist) < fieldlist.max_entries:
            fieldlist.append_entry()


def _answered(field: Any) -> bool:
    if hasattr(field, "entries"):
        return any(_answered(entry) for entry in field.entries)
    if isinstance(field.data, bool):
        return field.data
    if field.data not in (None, "", []):
        return True
    return bool(field.raw_data and str(field.raw_data[0]).strip())
