"""The questions of a scenario, asked by an address: unasked ones have their usual answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import wtforms
from flask_babel import format_date, gettext
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange, StopValidation

from portal.agreements import scenarios
from portal.agreements.forms.packages import SERVICES
from portal.agreements.offer import Offer
from portal.agreements.scenarios import Scenario
from portal.core import clock
from portal.core.amount_fields import FteField
from portal.core.errors import DomainError
from portal.core.fields import CheckboxesField, NumberField, RadioField, SelectField
from portal.core.forms import BaseForm, Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.directory.gazetteer import places
from portal.directory.municipalities import pick_municipality

MONTHS_AHEAD = 30
MOST_FTE_PERCENT = 1000
NAMES = ("nis", "start", "vte", "gezinnen", "verdeling", "diensten")  # of fields, as in addresses


def coming_months() -> list[tuple[str, str]]:
    """Return the months a branch may start in, as ("2027-09", "september 2027")."""
    today, found = clock.today(), []
    for ahead in range(1, MONTHS_AHEAD + 1):
        years, month = divmod(today.month - 1 + ahead, 12)
        day = date(today.year + years, month + 1, 1)
        found.append((f"{day:%Y-%m}", format_date(day, "MMMM yyyy", rebase=False)))
    return found


class ScenarioForm(BaseForm):
    """Asked with GET: an address can be shared, and nothing is stored."""

    class Meta(BaseForm.Meta):
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    gemeente = wtforms.StringField(lazy_gettext("Gemeente toevoegen"))
    nis = CheckboxesField(lazy_gettext("Gekozen gemeenten"))
    start = SelectField(lazy_gettext("Start"), [Required()], choices=coming_months)
    gezinnen = NumberField(lazy_gettext("Gezinnen tegelijk"), [Required(), NumberRange(1, 500)])
    vte = FteField(lazy_gettext("VTE coördinator"))
    verdeling = RadioField(lazy_gettext("De kost verdelen"), choices=choices_of(scenarios.SHARINGS))
    diensten = CheckboxesField(
        lazy_gettext("Diensten in pakket C"),
        coerce=int,
        choices=[(n, str(n)) for n in SERVICES],
    )

    @classmethod
    def asked(cls, args: MultiDict[str, str], offer: Offer) -> "ScenarioForm":
        """Return the form as an address asks it, validated: `errors` says what is wrong."""
        usual, given = scenarios.usual(), args.copy()
        answers: Mapping[str, str] = {
            "start": f"{usual.starts_on:%Y-%m}",
            "gezinnen": str(usual.families),
            "vte": "0,5",
            "verdeling": usual.sharing,
        }
        if "start" not in given:  # nobody unticked anything yet
            given.setlistdefault("diensten", [str(n) for n in usual.services])
        for name, answer in answers.items():
            given.setdefault(name, answer)
        known = [nis for nis in dict.fromkeys(given.getlist("nis")) if nis in places()]
        given.setlist("nis", known[: scenarios.MOST_PLACES])
        form = cls(given)
        form.nis.choices = [(nis, places()[nis].name) for nis in known]
        form.diensten.choices = [(s.number, f"{s.number}. {s.title}") for s in offer.services]
        form.validate()
        return form

    def validate_gemeente(self, field: Any) -> None:
        """Say at once when the text is no municipality, or more than one."""
        if not field.data:
            return
        try:
            pick_municipality(field.data)
        except DomainError as error:
            raise StopValidation(gettext(error.message, **error.values)) from None
        if len(self.nis.data or ()) >= scenarios.MOST_PLACES:
            raise StopValidation(gettext("Een scenario telt hoogstens twintig gemeenten."))

    def validate_vte(self, field: Any) -> None:
        if not field.process_errors and not 0 < field.data <= MOST_FTE_PERCENT:
            raise StopValidation(gettext("Vul een aantal VTE in tussen 0,01 en 10."))

    def scenario(self) -> Scenario:
        """Return the scenario asked; a wrong answer counts as the usual one."""
        usual = scenarios.usual()
        year, month = map(int, self._sound("start", f"{usual.starts_on:%Y-%m}").split("-"))
        chosen: list[str] = list(self.nis.data or ())
        if self.gemeente.data and not self.gemeente.errors:
            chosen.append(pick_municipality(self.gemeente.data).nis)
        return Scenario(
            starts_on=date(year, month, 1),
            nis=tuple(dict.fromkeys(chosen)),
            fte_percent=self._sound("vte", usual.fte_percent),
            families=self._sound("gezinnen", usual.families),
            sharing=self._sound("verdeling", usual.sharing),
            services=tuple(sorted(self.diensten.data or ())) if not self.diensten.errors else (),
        )

    def _sound(self, name: str, otherwise: Any) -> Any:
        field = self[name]
        return otherwise if field.errors or field.data is None else field.data
