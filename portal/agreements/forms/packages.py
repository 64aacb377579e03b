"""What HSV's people fill in to make an edition of the offer."""

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation

from portal.agreements.forms.amounts import AmountField, FteField, ShareField
from portal.agreements.forms.draft import (
    RowForm,
    add_spare_rows,
    lazy_gettext,
    rows_of,
    translated,
)
from portal.agreements.offer import Offer, Package, PriceLine, Scale, ServiceText
from portal.agreements.terms import Goal, Instalment, Target
from portal.core.fields import CheckboxesField, NumberField, SelectField
from portal.core.forms import OnceForm, Required, VersionedForm

SERVICES = range(1, 11)
TARGET_YEARS = 3
MOST_LINES = 40
MOST_INSTALMENTS = 6


class NewEditionForm(OnceForm):
    """A new edition, copied from the one in use."""

    title = wtforms.StringField(lazy_gettext("Naam van de uitgave"), [Required(), Length(max=120)])
    reason = wtforms.TextAreaField(lazy_gettext("Wat verandert er en waarom?"), [Required()])


class ServiceRow(RowForm):
    """One of the ten services."""

    title = wtforms.StringField(lazy_gettext("Titel"), [Required(), Length(max=120)])
    text = wtforms.TextAreaField(lazy_gettext("Omschrijving"), [Required(), Length(max=1000)])


class ServicesForm(VersionedForm):
    """The texts of the ten services, and the norm for all packages."""

    services = wtforms.FieldList(
        wtforms.FormField(ServiceRow),
        lazy_gettext("Dienst"),
        min_entries=len(SERVICES),
        max_entries=len(SERVICES),
    )
    families_per_fte = NumberField(
        lazy_gettext("Gezinnen per voltijdse coördinator"), [Required(), NumberRange(1, 500)]
    )

    @classmethod
    def of(cls, offer: Offer, version: int) -> "ServicesForm":
        """Return the form as sent, else as the offer is."""
        rows = [{"title": one.title, "text": one.text} for one in offer.services]
        return cls(
            data={
                "services": rows,
                "families_per_fte": offer.families_per_fte,
                "version": version,
            }
        )

    def applied(self, offer: Offer) -> Offer:
        """Return the offer with what was filled in; only after `validate`."""
        services = tuple(
            ServiceText(number, entry.form.title.data or "", entry.form.text.data or "")
            for number, entry in zip(SERVICES, self.services.entries, strict=True)
        )
        return replace(offer, services=services, families_per_fte=self.families_per_fte.data or 1)


class TargetRow(RowForm):
    """What is aimed at in one year of work."""

    families = NumberField(lazy_gettext("Gezinnen"), [InputRequired(), NumberRange(0, 1000)])
    volunteers = NumberField(lazy_gettext("Vrijwilligers"), [InputRequired(), NumberRange(0, 1000)])


class PackageForm(VersionedForm):
    """The words of a package, its services and what is usual with it."""

    name = wtforms.StringField(lazy_gettext("Naam"), [Required(), Length(max=120)])
    summary = wtforms.TextAreaField(lazy_gettext("Wat het is"), [Required(), Length(max=600)])
    fits = wtforms.TextAreaField(lazy_gettext("Voor wie het past"), [Required(), Length(max=600)])
    services = CheckboxesField(
        lazy_gettext("Diensten"),
        [Required(lazy_gettext("Kies minstens één dienst."))],
        coerce=int,
        choices=[(n, str(n)) for n in SERVICES],
    )
    goal = SelectField(lazy_gettext("Gewoonlijk om"), [Required()], choices=translated(Goal))
    fte_percent = FteField(lazy_gettext("VTE waarop geprijsd is"))
    families = NumberField(
        lazy_gettext("Gezinnen tegelijk waarop geprijsd is"), [Required(), NumberRange(1, 1000)]
    )
    volunteers = NumberField(
        lazy_gettext("Vrijwilligers waarop geprijsd is"), [Required(), NumberRange(1, 1000)]
    )
    expert_hours = NumberField(
        lazy_gettext("Uren van de expert per jaar"), [InputRequired(), NumberRange(0, 2000)]
    )
    coaching_talks = NumberField(
        lazy_gettext("Coachingsgesprekken per jaar"), [InputRequired(), NumberRange(0, 200)]
    )
    targets = wtforms.FieldList(
        wtforms.FormField(TargetRow),
        lazy_gettext("Streefdoel jaar"),
        min_entries=TARGET_YEARS,
        max_entries=TARGET_YEARS,
    )

    @classmethod
    def of(cls, package: Package, version: int, offer: Offer) -> "PackageForm":
        """Return the form as sent, else as the package is."""
        names = (name for name in cls.plain() if hasattr(package, name))
        targets = [vars(one) for one in package.targets]
        form = cls(
            data={
                **{name: getattr(package, name) for name in names},
                "services": list(package.services),
                "targets": targets,
                "version": version,
            }
        )
        form.services.choices = [(s.number, f"{s.number}. {s.title}") for s in offer.services]
        return form

    @staticmethod
    def plain() -> tuple[str, ...]:
        """Return the fields that hold what the package holds under the same name."""
        return (
            "name",
            "summary",
            "fits",
            "goal",
            "fte_percent",
            "families",
            "volunteers",
            "expert_hours",
            "coaching_talks",
        )

    def validate_fte_percent(self, field: Any) -> None:
        """Ask for a size that can be divided by."""
        if not field.process_errors and not 0 < field.data <= 1000:
            raise StopValidation(gettext("Vul een aantal VTE in tussen 0,01 en 10."))

    def applied(self, package: Package) -> Package:
        """Return the package with what was filled in; only after `validate`."""
        values = {name: self[name].data for name in self.plain()}
        return replace(
            package,
            **{**values, "goal": Goal(values["goal"])},
            services=tuple(sorted(self.services.data or ())),
            targets=tuple(
                Target(row.form.families.data or 0, row.form.volunteers.data or 0)
                for row in self.targets.entries
            ),
        )


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
    scale = SelectField(lazy_gettext("Bedrag"), choices=translated(Scale))
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
