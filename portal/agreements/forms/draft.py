"""What the steps of a draft share: filled from terms, and giving changed terms back.

The same forms serve HSV's draft and a partner's counter-proposal; what is not a partner's to
change is taken out of its form, and keeps the value it had.
"""

from typing import Any, ClassVar

from portal.agreements.terms import Terms
from portal.core.forms import VersionedForm
from portal.core.row_forms import RowForm, add_spare_rows, between, rows_of

__all__ = ["DraftForm", "RowForm", "add_spare_rows", "between", "rows_of"]


class DraftForm(VersionedForm):
    """One step of a draft. `of` fills it from terms, `applied` gives the terms back, changed."""

    hsv_only: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def of(
        cls,
        terms: Terms,
        *,
        partner: bool = False,
        without: frozenset[str] = frozenset(),
        **known: Any,
    ) -> Any:
        """Return the form: as sent, else as the terms are. `known`: the version; `without`: the
        fields that are not to be changed, beside those that are HSV's alone."""
        form = cls(data={**cls.values(terms), **known})
        for name in (cls.hsv_only if partner else frozenset()) | without:
            if name in form:
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
