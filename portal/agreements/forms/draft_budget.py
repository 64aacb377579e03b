"""What it costs per year, and who bears which part."""

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.agreements import compute
from portal.agreements.forms.draft import DraftForm
from portal.agreements.terms import (
    BudgetLine,
    IncomeLine,
    Party,
    Share,
    ShareKind,
    Terms,
)
from portal.core.amount_fields import AmountField, ShareField
from portal.core.errors import DomainError
from portal.core.fields import NamedFieldList, NumberField, RadioField
from portal.core.forms import choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, between, rows_of

MOST_LINES, MOST_INCOME, MOST_YEARS = 60, 12, 11


class LineForm(RowForm):
    """One line of cost, an amount per year."""

    code = wtforms.StringField(lazy_gettext("Code"), [Length(max=12)])
    label = wtforms.StringField(lazy_gettext("Omschrijving"), [Length(max=160)])
    cents = NamedFieldList(AmountField(lazy_gettext("Bedrag")), max_entries=MOST_YEARS)
    wage = wtforms.BooleanField(lazy_gettext("Loonlijn"))
    service = wtforms.HiddenField()
    overhead = wtforms.HiddenField()

    beside = frozenset({"service", "overhead", "wage"})


class IncomeForm(RowForm):
    """Money from elsewhere than the partners, an amount per year."""

    code = wtforms.StringField(lazy_gettext("Code"), [Length(max=12)])
    label = wtforms.StringField(lazy_gettext("Omschrijving"), [Length(max=160)])
    cents = NamedFieldList(AmountField(lazy_gettext("Bedrag")), max_entries=MOST_YEARS)


class BudgetForm(DraftForm):
    """The budget: lines of cost and of income."""

    lines = wtforms.FieldList(
        wtforms.FormField(LineForm), lazy_gettext("Kosten"), max_entries=MOST_LINES
    )
    income = wtforms.FieldList(
        wtforms.FormField(IncomeForm), lazy_gettext("Andere inkomsten"), max_entries=MOST_INCOME
    )

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        count = len(terms.years)
        return {
            "lines": [
                {
                    "code": line.code,
                    "label": line.label,
                    "cents": _padded(line.cents, count),
                    "wage": line.wage,
                    "service": line.service,
                    "overhead": "" if line.overhead_bp is None else str(line.overhead_bp),
                }
                for line in terms.lines
            ],
            "income": [
                {"code": one.code, "label": one.label, "cents": _padded(one.cents, count)}
                for one in terms.income
            ],
        }

    def prepare(self, terms: Terms) -> None:
        add_spare_rows(self.lines, self.is_submitted(), spare=3)
        add_spare_rows(self.income, self.is_submitted())
        for entry in (*self.lines.entries, *self.income.entries):
            while len(entry.form.cents) < len(terms.years):
                entry.form.cents.append_entry()
            for amount, year in zip(entry.form.cents.entries, terms.years, strict=False):
                amount.label.text = str(year.year)

    def applied(self, terms: Terms) -> Terms:
        count = len(terms.years)
        lines = [
            BudgetLine(
                code=row.code.data or "",
                label=_named(row),
                service=row.service.data or "",
                cents=_amounts(row.cents, count),
                wage=row.wage.data,
                overhead_bp=int(row.overhead.data) if row.overhead.data else None,
            )
            for row in rows_of(self.lines.entries)
        ]
        income = [
            IncomeLine(row.code.data or "", _named(row), _amounts(row.cents, count))
            for row in rows_of(self.income.entries)
        ]
        return terms.with_(
            lines=compute.with_overhead(_coded(lines, str(terms.formula))),
            income=tuple(_coded(income, "I")),
        )


def _padded(cents: tuple[int, ...], count: int) -> list[int]:
    return [*cents[:count], *[0] * (count - len(cents))]


def _amounts(entries: Any, count: int) -> tuple[int, ...]:
    return tuple(_padded(tuple(one.data or 0 for one in entries), count))


def _named(row: Any) -> str:
    if not row.label.data:
        message = N_("Geef elke lijn met een bedrag een omschrijving.")
        raise DomainError(message, row.label.name)
    return row.label.data


def _coded(lines: list[Any], letter: str) -> list[Any]:
    """Return the lines with a code for those that have none."""
    taken = {line.code for line in lines}
    free = (f"{letter}{n}" for n in range(50, 1000) if f"{letter}{n}" not in taken)
    return [line if line.code else replace(line, code=next(free)) for line in lines]


class ShareForm(RowForm):
    """What one partner bears. Only the answer that belongs to the kind counts."""

    kind = RadioField(lazy_gettext("Verdeling"), choices=choices_of(ShareKind))
    percentage = ShareField(lazy_gettext("Percentage"))
    inhabitants = NumberField(lazy_gettext("Aantal inwoners"), between(0, 2_000_000))
    per_year = NamedFieldList(AmountField(lazy_gettext("Bedrag")), max_entries=MOST_YEARS)


class SharesForm(DraftForm):
    """Who bears which part of the cost."""

    shares = NamedFieldList(wtforms.FormField(ShareForm), lazy_gettext("Verdeling"))

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        return {"shares": [_share_values(p.share, len(terms.years)) for p in terms.partners]}

    def prepare(self, terms: Terms) -> None:
        while len(self.shares) < len(terms.partners):
            self.shares.append_entry({"kind": ShareKind.PERCENTAGE})
        for entry, party in zip(self.shares.entries, terms.partners, strict=False):
            entry.label.text = party.name
            while len(entry.form.per_year) < len(terms.years):
                entry.form.per_year.append_entry()
            for amount, year in zip(entry.form.per_year.entries, terms.years, strict=False):
                amount.label.text = gettext("Bedrag in %(year)s", year=year.year)

    def applied(self, terms: Terms) -> Terms:
        rows = [entry.form for entry in self.shares.entries]
        pairs = zip(terms.partners, rows, strict=False)
        partners = tuple(_shared(party, row, len(terms.years)) for party, row in pairs)
        return terms.with_(partners=(*partners, *terms.partners[len(partners) :]))


def _share_values(share: Share, count: int) -> dict[str, Any]:
    return {
        "kind": share.kind,
        "percentage": share.value if share.kind == ShareKind.PERCENTAGE else None,
        "inhabitants": share.value if share.kind == ShareKind.INHABITANTS else None,
        "per_year": _padded(share.per_year, count) if share.kind == ShareKind.FIXED else [],
    }


def _shared(party: Party, row: ShareForm, count: int) -> Party:
    kind = ShareKind(row.kind.data or ShareKind.PERCENTAGE)
    value = {
        ShareKind.PERCENTAGE: row.percentage.data,
        ShareKind.INHABITANTS: row.inhabitants.data,
        ShareKind.FIXED: 0,
    }[kind]
    amounts = _amounts(row.per_year, count) if kind == ShareKind.FIXED else ()
    return replace(party, share=Share(kind, value or 0, amounts))
