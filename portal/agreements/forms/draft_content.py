"""Where, which services, and how much: the area, the package and the capacity."""

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.agreements import packages, pricing
from portal.agreements.drafting_parties import with_place
from portal.agreements.forms.draft import DraftForm
from portal.agreements.pricing import Size
from portal.agreements.terms import Formula, Goal, Service, Target, Terms
from portal.core.amount_fields import FteField
from portal.core.fields import CheckboxesField, DayField, NumberField, RadioField
from portal.core.forms import choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, between, rows_of
from portal.directory.municipalities import pick_municipality

BY = {"": N_("Home-Start Vlaanderen"), "partner": N_("De partner"), "both": N_("Samen")}
BY_WORDS = {"partner": "de partner", "both": "Home-Start Vlaanderen en de partner samen"}
PRIVACY_ROLES = {
    "controller": N_("De partner is zelf verwerkingsverantwoordelijke"),
    "joint": N_("De partner en Home-Start Vlaanderen zijn samen verwerkingsverantwoordelijk"),
}
MOST_FREE_SERVICES = 8


class AreaForm(DraftForm):
    """The municipalities served: those kept, and one to add."""

    kept = CheckboxesField(lazy_gettext("Gemeenten"))
    municipality = wtforms.StringField(lazy_gettext("Gemeente toevoegen"))
    nis = wtforms.HiddenField()

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        return {"kept": [place.nis for place in terms.area]}

    def prepare(self, terms: Terms) -> None:
        self.kept.choices = [
            (
                place.nis,
                gettext(
                    "%(name)s (%(count)s inwoners in %(year)s)",
                    name=place.name,
                    count=f"{place.inhabitants:,}".replace(",", "."),
                    year=place.inhabitants_year,
                )
                if place.inhabitants
                else place.name,
            )
            for place in terms.area
        ]

    def applied(self, terms: Terms) -> Terms:
        kept = tuple(place for place in terms.area if place.nis in self.kept.data)
        terms = terms.with_(area=kept)
        if self.municipality.data:
            terms = with_place(terms, pick_municipality(self.municipality.data).nis)
        return terms


class FreeServiceForm(RowForm):
    """A service of one's own, for package C."""

    title = wtforms.StringField(lazy_gettext("Dienst"), [Length(max=200)])
    text = wtforms.TextAreaField(lazy_gettext("Omschrijving"), [Length(max=2000)])
    by = RadioField(lazy_gettext("Wie doet dit?"), choices=choices_of(BY), default="")

    beside = frozenset({"by"})


class ServicesForm(DraftForm):
    """The package and its services, and who coordinates (article 7, one variant)."""

    formula = RadioField(lazy_gettext("Pakket"), choices=choices_of(Formula))
    goal = RadioField(lazy_gettext("Doel"), choices=choices_of(Goal))
    services = CheckboxesField(lazy_gettext("Diensten"), coerce=int)
    free = wtforms.FieldList(
        wtforms.FormField(FreeServiceForm),
        lazy_gettext("Eigen diensten"),
        max_entries=MOST_FREE_SERVICES,
    )
    fte = FteField(lazy_gettext("Voltijdse equivalenten (VTE)"))
    worker_name = wtforms.StringField(lazy_gettext("Naam"), [Length(max=120)])
    worker_function = wtforms.StringField(lazy_gettext("Functie"), [Length(max=120)])
    worker_service = wtforms.StringField(lazy_gettext("Dienst"), [Length(max=120)])
    workplace = wtforms.StringField(lazy_gettext("Standplaats"), [Length(max=160)])
    joint_committee = wtforms.StringField(lazy_gettext("Paritair comité"), [Length(max=40)])
    works_from = DayField(lazy_gettext("In dienst vanaf"))
    replacement_weeks = NumberField(lazy_gettext("Vervanging binnen (weken)"), between(1, 52))
    expert_hours = NumberField(lazy_gettext("Uren van de expert per jaar"), between(0, 2000))
    coaching_talks = NumberField(lazy_gettext("Coachingsgesprekken per jaar"), between(0, 60))
    privacy_role = RadioField(
        lazy_gettext("Gegevens van gezinnen"), choices=choices_of(PRIVACY_ROLES)
    )

    hsv_only = frozenset({"formula"})

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        work = terms.coordination
        return {
            "formula": terms.formula,
            "goal": terms.goal,
            "services": [s.number for s in terms.services if s.number is not None],
            "free": [
                {"title": s.title, "text": s.text, "by": _by_code(s.by)}
                for s in terms.services
                if s.number is None
            ],
            "fte": work.fte_percent,
            "worker_name": work.name,
            "worker_function": work.function,
            "worker_service": work.service,
            "workplace": work.workplace,
            "joint_committee": work.joint_committee,
            "works_from": work.starts_on,
            "replacement_weeks": work.replacement_weeks,
            "expert_hours": terms.expert_hours,
            "coaching_talks": terms.coaching_talks,
            "privacy_role": terms.privacy_role or None,
        }

    def prepare(self, terms: Terms) -> None:
        offer = packages.offer_of(packages.active_edition())
        self.services.choices = [(s.number, f"{s.number}. {s.title}") for s in offer.services]
        if terms.formula == Formula.CUSTOM:
            add_spare_rows(self.free, self.is_submitted())
        else:
            del self.services, self.free
        if terms.formula != Formula.EXPERT:
            del self.privacy_role
        if terms.formula == Formula.CUSTOM:
            del self.worker_service, self.joint_committee

    def applied(self, terms: Terms) -> Terms:
        chosen = Formula(self.given("formula", None) or terms.formula)
        if chosen != terms.formula:
            return with_package(terms, chosen)
        work = replace(
            terms.coordination,
            fte_percent=self.fte.data or 0,
            name=self.worker_name.data or "",
            function=self.worker_function.data or "",
            service=self.given("worker_service", terms.coordination.service) or "",
            workplace=self.workplace.data or "",
            joint_committee=self.given("joint_committee", terms.coordination.joint_committee) or "",
            starts_on=self.works_from.data,
            replacement_weeks=self.replacement_weeks.data or terms.coordination.replacement_weeks,
        )
        return terms.with_(
            goal=Goal(self.goal.data or terms.goal),
            coordination=work,
            services=self._services(terms),
            expert_hours=self.expert_hours.data or 0,
            coaching_talks=self.coaching_talks.data or 0,
            privacy_role=self.given("privacy_role", terms.privacy_role) or "",
        )

    def _services(self, terms: Terms) -> tuple[Service, ...]:
        if "services" not in self:
            return terms.services
        offer = packages.offer_of(packages.active_edition())
        known = {s.number: s for s in terms.services if s.number is not None}
        chosen = []
        for service in offer.services:
            if service.number in self.services.data:
                new = Service(service.number, service.title, service.text)
                chosen.append(known.get(service.number, new))
        free = [
            Service(None, row.title.data, row.text.data, BY_WORDS.get(row.by.data, ""))
            for row in rows_of(self.free.entries)
        ]
        return (*chosen, *free)


def with_package(terms: Terms, formula: Formula) -> Terms:
    """Return the terms with another package: its services, budget, targets and instalments."""
    offer = packages.offer_of(packages.active_edition())
    return pricing.fill_in(terms.with_(formula=formula), offer)


def _by_code(words: str) -> str:
    return next((code for code, text in BY_WORDS.items() if text == words), "")


class TargetForm(RowForm):
    """What is aimed at in one year of work."""

    families = NumberField(lazy_gettext("Gezinnen"), between(0, 500))
    volunteers = NumberField(lazy_gettext("Vrijwilligers"), between(0, 500))


class CapacityForm(DraftForm):
    """How many families at the same time, and what is aimed at per year of work."""

    families = NumberField(lazy_gettext("Gezinnen tegelijk"), between(0, 500))
    targets = wtforms.FieldList(
        wtforms.FormField(TargetForm), lazy_gettext("Streefdoelen"), min_entries=3, max_entries=3
    )
    volunteers_with = wtforms.StringField(lazy_gettext("Organisatie van de vrijwilligers"))
    insurance = wtforms.StringField(lazy_gettext("Verzekering van de vrijwilligers"))
    rooms = wtforms.TextAreaField(lazy_gettext("Lokalen"), [Length(max=1000)])

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        return {
            "families": terms.families,
            "targets": [
                {"families": t.families, "volunteers": t.volunteers} for t in terms.targets
            ],
            "volunteers_with": terms.volunteers_with,
            "insurance": terms.insurance,
            "rooms": terms.rooms,
        }

    def applied(self, terms: Terms) -> Terms:
        rows = [entry.form for entry in self.targets.entries]
        targets = [Target(r.families.data or 0, r.volunteers.data or 0) for r in rows]
        while targets and targets[-1] == Target():
            targets.pop()
        return terms.with_(
            families=self.families.data or 0,
            targets=tuple(targets),
            volunteers_with=self.volunteers_with.data or "",
            insurance=self.insurance.data or "",
            rooms=self.rooms.data or "",
        )


def refilled(terms: Terms) -> Terms:
    """Return the terms with the budget of the package in use, at their own size."""
    offer = packages.offer_of(packages.active_edition())
    package = offer.package(terms.formula)
    volunteers = max((t.volunteers for t in terms.targets), default=package.volunteers)
    size = Size(terms.coordination.fte_percent, terms.families, volunteers)
    chosen = [s.number for s in terms.services if s.number is not None]
    lines = pricing.budget_lines(package.lines, package, size, terms.years, chosen)
    return terms.with_(lines=lines)
