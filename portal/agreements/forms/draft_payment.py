"""When and how the contribution is paid, and how it follows prices."""

from calendar import monthrange
from dataclasses import replace
from typing import Any

import wtforms
from wtforms.validators import Length

from portal.agreements.contract_words import month_name
from portal.agreements.forms.draft import DraftForm
from portal.agreements.terms import Indexation, IndexKind, Instalment, Terms
from portal.core.amount_fields import ShareField
from portal.core.errors import DomainError
from portal.core.fields import MonthField, NumberField, RadioField, SelectField
from portal.core.forms import choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, between, rows_of

COMMON_YEAR = 2027  # no 29 February
MOST_INSTALMENTS = 12
INTERESTS = {
    "legal": N_("De wettelijke interest"),
    "commercial": N_("De interest bij betalingsachterstand tussen ondernemingen"),
}


class InstalmentForm(RowForm):
    """A part of a year's contribution: on a day, or on a condition."""

    label = wtforms.StringField(lazy_gettext("Naam"), [Length(max=80)])
    share = ShareField(lazy_gettext("Deel (%)"))
    day = NumberField(lazy_gettext("Dag"), between(1, 31))
    month = SelectField(
        lazy_gettext("Maand"),
        coerce=int,
        blank=lazy_gettext("Geen"),
        choices=lambda: [(n, month_name(n)) for n in range(1, 13)],
    )
    condition = wtforms.StringField(lazy_gettext("of op voorwaarde van"), [Length(max=160)])


class PaymentForm(DraftForm):
    """Instalments, the index, and what goes with paying."""

    instalments = wtforms.FieldList(
        wtforms.FormField(InstalmentForm), lazy_gettext("Schijven"), max_entries=MOST_INSTALMENTS
    )
    payment_days = NumberField(lazy_gettext("Betaaltermijn (dagen)"), between(1, 120))
    late_interest = RadioField(
        lazy_gettext("Bij laattijdige betaling"), choices=choices_of(INTERESTS)
    )
    index_kind = RadioField(lazy_gettext("Indexering"), choices=choices_of(IndexKind))
    base_month = MonthField(lazy_gettext("Maand van de aanvangsindex"))
    reference_month = SelectField(
        lazy_gettext("Vergelijken met de index van"),
        coerce=int,
        choices=lambda: [(n, month_name(n)) for n in range(1, 13)],
    )
    floor = wtforms.BooleanField(lazy_gettext("Nooit onder het basisbedrag"))
    cap = ShareField(lazy_gettext("Hoogste stijging per jaar (%)"))
    reserve = ShareField(lazy_gettext("Reserve die mee mag naar het volgende jaar (%)"))
    report_day = NumberField(lazy_gettext("Dag"), between(1, 31))
    report_month = SelectField(
        lazy_gettext("Maand"),
        coerce=int,
        choices=lambda: [(n, month_name(n)) for n in range(1, 13)],
    )

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        index = terms.indexation
        return {
            "instalments": [
                {
                    "label": one.label,
                    "share": one.share_bp,
                    "day": one.day,
                    "month": one.month,
                    "condition": one.condition,
                }
                for one in terms.instalments
            ],
            "payment_days": terms.deadlines.payment_days,
            "late_interest": terms.late_interest,
            "index_kind": index.kind,
            "base_month": index.base_month,
            "reference_month": index.reference_month,
            "floor": index.floor,
            "cap": index.cap_bp,
            "reserve": terms.reserve_bp or None,
            "report_day": terms.deadlines.report_day,
            "report_month": terms.deadlines.report_month,
        }

    def prepare(self, terms: Terms) -> None:  # noqa: ARG002 - the shape of every step
        add_spare_rows(self.instalments, self.is_submitted())

    def applied(self, terms: Terms) -> Terms:
        usual = terms.deadlines
        if self.report_day.data and self.report_month.data:
            _check_day(self.report_day, self.report_month.data)
        return terms.with_(
            instalments=tuple(_instalment(row) for row in rows_of(self.instalments.entries)),
            late_interest=self.late_interest.data or terms.late_interest,
            indexation=Indexation(
                kind=IndexKind(self.index_kind.data or terms.indexation.kind),
                base_month=self.base_month.data,
                reference_month=self.reference_month.data or terms.indexation.reference_month,
                floor=self.floor.data,
                cap_bp=self.cap.data,
            ),
            reserve_bp=self.reserve.data or 0,
            deadlines=replace(
                usual,
                payment_days=self.payment_days.data or usual.payment_days,
                report_day=self.report_day.data or usual.report_day,
                report_month=self.report_month.data or usual.report_month,
            ),
        )


def _instalment(row: InstalmentForm) -> Instalment:
    if (row.month.data is None) != (row.day.data is None):
        message = N_("Vul bij een schijf een dag én een maand in, of een voorwaarde.")
        raise DomainError(message, row.day.name)
    if row.month.data is not None:
        _check_day(row.day, row.month.data)
    return Instalment(
        label=row.label.data or "Schijf",
        share_bp=row.share.data or 0,
        month=row.month.data,
        day=row.day.data,
        condition="" if row.month.data is not None else row.condition.data or "",
    )


def _check_day(day: Any, month: int) -> None:
    """Raise DomainError for a day that a month does not have every year."""
    if day.data > monthrange(COMMON_YEAR, month)[1]:
        raise DomainError(N_("Die dag bestaat niet elk jaar in die maand."), day.name)
