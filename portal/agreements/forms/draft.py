"""What the steps of a draft share: filled from terms, and giving changed terms back.

The same forms serve HSV's draft and a partner's counter-proposal; what is not a partner's to
change is taken out of its form, and keeps the value it had.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms.validators import NumberRange, Optional

from portal.agreements.terms import Terms
from portal.core.forms import BaseForm, VersionedForm

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


class DraftForm(VersionedForm):
    """One step of a draft. `of` fills it from terms, `applied` gives the terms back, changed."""

    hsv_only: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def of(cls, terms: Terms, *, partner: bool = False, **known: Any) -> Any:
        """Return the form: as sent, else as the terms are. `known`: the version."""
        form = cls(data={**cls.values(terms), **known})
        if partner:
            for name in cls.hsv_only:
                delattr(form, name)
        form.prepare(terms)
        return form

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        """Return what the fields hold for these terms."""
        raise NotImplementedError

    def prepare(self, terms: Terms) -> None:
        """Fit the form to the terms: choices, years, spare rows."""

    def applied(self, terms: Terms) -> Terms:
        """Return the terms with what was filled in; only after `validate`. Raises DomainError."""
        raise NotImplementedError

    def given(self, name: str, otherwise: Any) -> Any:
        """Return what a field holds, or `otherwise` when it was taken out of this form."""
        return self[name].data if name in self else otherwise


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
