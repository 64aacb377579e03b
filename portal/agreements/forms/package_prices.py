"""What HSV's people fill in about the prices and instalments of a package."""

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, StopValidation

from portal.agreements.forms.packages import SERVICES
from portal.agreements.offer import Package, PriceLine, Scale
from portal.agreements.terms import Instalment
from portal.core.amount_fields import AmountField, ShareField
from portal.core.fields import NumberField, SelectField
from portal.core.forms import Required, VersionedForm, choices_of
from portal.core.i18n import lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, rows_of

MOST_LINES = 40
MOST_INSTALMENTS = 6


def _service_choices() -> list[tuple[str, str]]:
    both = [(str(n), gettext("Dienst %(n)s", n=n)) for n in SERVICES]
    return [("1-3", gettext("Diensten 1–3")), *both]


class PriceRow(RowForm):
    """A line of the price list."""

    beside = frozenset({"scale"})

    code = wtforms.StringField(lazy_gettext("Code"), [Length(max=8)])
    label = wtforms.StringField(lazy_gettext("Omschrijving"), [Length(max=120)])
    service = SelectField(
        lazy_gettext("Dienst"), choices=_service_choices, blank=lazy_gettext("Alle")
    )
    first_cents = AmountField(lazy_gettext("Eerste jaar"))
    following_cents = AmountField(lazy_gettext("Volgende jaren"))
    scale = SelectField(lazy_gettext("Bedrag"), choices=choices_of(Scale))
    one_off = wtforms.BooleanField(lazy_gettext("Eenmalig, niet per maand"))
    wage = wtforms.BooleanField(lazy_gettext("Loonkost"))
    unless_service = SelectField(
        lazy_gettext("Vervalt bij dienst"),
        coerce=int,
        choices=[(n, str(n)) for n in SERVICES],
        blank=lazy_gettext("Nooit"),
    )

    def validate_code(self, field: Any) -> None:
        _ask(self, field)

    def validate_label(self, field: Any) -> None:
        _ask(self, field)

    def validate_first_cents(self, field: Any) -> None:
        _ask(self, field)
        _not_negative(field)

    def validate_following_cents(self, field: Any) -> None:
        _ask(self, field)
        _not_negative(field)

    def line(self) -> PriceLine:
        """Return the line; only after `validate`."""
        return PriceLine(
            code=self.code.data or "",
            label=self.label.data or "",
            service=self.service.data or "",
            first_cents=self.first_cents.data or 0,
            following_cents=self.following_cents.data or 0,
            scale=Scale(self.scale.data or Scale.NONE),
            one_off=bool(self.one_off.data),
            wage=bool(self.wage.data),
            unless_service=self.unless_service.data,
        )


def _ask(row: RowForm, field: Any) -> None:
    if row.filled:
        Required()(row, field)


def _not_negative(field: Any) -> None:
    if field.data is not None and field.data < 0:
        raise StopValidation(gettext("Een prijs is nooit lager dan nul."))


class PricesForm(VersionedForm):
    """The lines of a package, what the partner bears itself, and the overhead."""

    lines = wtforms.FieldList(
        wtforms.FormField(PriceRow), lazy_gettext("Lijn"), max_entries=MOST_LINES
    )
    overhead_bp = ShareField(lazy_gettext("Overhead op alle lijnen samen"))
    own_costs = wtforms.FieldList(
        wtforms.FormField(PriceRow), lazy_gettext("Eigen kost"), max_entries=MOST_LINES
    )

    @classmethod
    def of(cls, package: Package, version: int) -> "PricesForm":
        """Return the form as sent, else as the package is, with rows to spare."""
        lines = [vars(line) for line in package.lines if line.overhead_bp is None]
        overhead = overhead_of(package)
        form = cls(
            data={
                "lines": lines,
                "own_costs": [vars(line) for line in package.own_costs],
                "overhead_bp": overhead.overhead_bp if overhead else None,
                "version": version,
            }
        )
        for fieldlist in (form.lines, form.own_costs):
            add_spare_rows(fieldlist, form.is_submitted())
        return form

    def applied(self, package: Package) -> Package:
        """Return the package with what was filled in; only after `validate`."""
        lines = [row.line() for row in rows_of(self.lines.entries)]
        if self.overhead_bp.data:
            usual = overhead_of(package) or PriceLine(
                f"{package.formula}40", gettext("Overhead Home-Start Vlaanderen")
            )
            lines.append(replace(usual, overhead_bp=self.overhead_bp.data))
        own = tuple(row.line() for row in rows_of(self.own_costs.entries))
        return replace(package, lines=tuple(lines), own_costs=own)


def overhead_of(package: Package) -> PriceLine | None:
    """Return the overhead line of a package, if it has one."""
    return next((line for line in package.lines if line.overhead_bp is not None), None)


class InstalmentRow(RowForm):
    """One instalment: on a day of the year, or on a condition."""

    label = wtforms.StringField(lazy_gettext("Naam"), [Length(max=60)])
    share_bp = ShareField(lazy_gettext("Deel van het jaarbedrag"))
    day = NumberField(lazy_gettext("Dag"))
    month = NumberField(lazy_gettext("Maand"))
    condition = wtforms.StringField(lazy_gettext("Of: voorwaarde"), [Length(max=120)])

    def validate_label(self, field: Any) -> None:
        _ask(self, field)

    def validate_share_bp(self, field: Any) -> None:
        _ask(self, field)

    def validate_day(self, field: Any) -> None:
        if field.data is not None and field.data not in range(1, 32):
            raise StopValidation(gettext("Vul een dag in van 1 tot 31."))

    def validate_month(self, field: Any) -> None:
        if field.data is not None and field.data not in range(1, 13):
            raise StopValidation(gettext("Vul een maand in van 1 tot 12."))
        if field.data is None and self.filled and not self.condition.data:
            raise StopValidation(gettext("Vul een dag en een maand in, of een voorwaarde."))
        if field.data is not None and self.condition.data:
            raise StopValidation(gettext("Kies: een dag in het jaar, of een voorwaarde."))

    def instalment(self) -> Instalment:
        """Return the instalment; only after `validate`."""
        month = self.month.data
        day = (self.day.data or 1) if month is not None else None
        return Instalment(
            self.label.data or "", self.share_bp.data or 0, month, day, self.condition.data or ""
        )


class InstalmentsForm(VersionedForm):
    """The usual instalments of a package."""

    instalments = wtforms.FieldList(
        wtforms.FormField(InstalmentRow), lazy_gettext("Schijf"), max_entries=MOST_INSTALMENTS
    )

    @classmethod
    def of(cls, package: Package, version: int) -> "InstalmentsForm":
        """Return the form as sent, else as the package is, with rows to spare."""
        form = cls(
            data={"instalments": [vars(one) for one in package.instalments], "version": version}
        )
        add_spare_rows(form.instalments, form.is_submitted())
        return form

    def applied(self, package: Package) -> Package:
        """Return the package with what was filled in; only after `validate`."""
        found = tuple(row.instalment() for row in rows_of(self.instalments.entries))
        return replace(package, instalments=found)
