"""What HSV's people fill in to make an edition of the offer."""

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation

from portal.agreements.offer import Offer, Package, ServiceText
from portal.agreements.terms import Goal, Target
from portal.core.amount_fields import FteField
from portal.core.fields import CheckboxesField, NumberField, SelectField
from portal.core.forms import OnceForm, Required, VersionedForm, choices_of
from portal.core.i18n import lazy_gettext
from portal.core.row_forms import RowForm

SERVICES = range(1, 11)
TARGET_YEARS = 3


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
    goal = SelectField(lazy_gettext("Gewoonlijk om"), [Required()], choices=choices_of(Goal))
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
