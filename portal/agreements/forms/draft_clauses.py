"""How long it lasts, how it ends, and what else the parties agree."""

from dataclasses import replace
from typing import Any

import wtforms
from wtforms.validators import Length

from portal.agreements import drafting, legal
from portal.agreements.forms.draft import DraftForm
from portal.agreements.terms import InKind, Renewal, Terms
from portal.core import clock
from portal.core.amount_fields import AmountField
from portal.core.errors import DomainError
from portal.core.fields import CheckboxesField, DayField, NumberField, RadioField
from portal.core.forms import Required, choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.core.row_forms import RowForm, add_spare_rows, between, rows_of

MOST_IN_KIND = 12
SDG_NAMES = {
    1: N_("SDG 1: geen armoede"),
    3: N_("SDG 3: goede gezondheid en welzijn"),
    4: N_("SDG 4: kwaliteitsonderwijs"),
    10: N_("SDG 10: ongelijkheid verminderen"),
    11: N_("SDG 11: duurzame steden en gemeenschappen"),
    17: N_("SDG 17: partnerschap om doelstellingen te bereiken"),
}
SIGNATURE_LEVELS = {
    "advanced": N_("Geavanceerd (in het portaal, met code)"),
    "qualified": N_("Gekwalificeerd (eID of itsme)"),
    "simple": N_("Gewoon"),
}
_DEADLINES = (
    *("wind_down_months", "interim_evaluation_months", "final_evaluation_months"),
    *("feedback_days", "start_course_months", "visitation_years", "steering_per_year"),
    *("minutes_days", "improvement_months", "default_days"),
)


class DurationForm(DraftForm):
    """First and last day, renewal, notice."""

    starts_on = DayField(lazy_gettext("Eerste dag"), [Required()])
    ends_on = DayField(lazy_gettext("Laatste dag"), [Required()])
    renewal = RadioField(lazy_gettext("Verlenging"), choices=choices_of(Renewal))
    renewal_years = NumberField(lazy_gettext("Telkens met (jaar)"), between(0, 10))
    notice_months = NumberField(lazy_gettext("Opzegtermijn (maanden)"), between(1, 36))
    severance = wtforms.BooleanField(
        lazy_gettext(
            "Zegt een partner vroeger op, dan draagt die naar verhouding bij in de opzegkosten "
            "van het personeel"
        )
    )
    wind_down_months = NumberField(
        lazy_gettext("Lopende trajecten afronden binnen (maanden)"),
        between(1, 24),
    )
    interim_evaluation_months = NumberField(
        lazy_gettext("Tussentijdse evaluatie na (maanden)"), between(1, 36)
    )
    final_evaluation_months = NumberField(
        lazy_gettext("Eindevaluatie hoeveel maanden voor het einde"),
        between(1, 24),
    )

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "renewal", "renewal_years", "notice_months", "severance")
        return {name: getattr(terms, name) for name in names} | _deadline_values(terms)

    def applied(self, terms: Terms) -> Terms:
        starts_on, ends_on = self.given("starts_on", terms.starts_on), self.ends_on.data
        if starts_on is not None and ends_on is not None and ends_on < starts_on:
            raise DomainError(N_("De laatste dag ligt voor de eerste dag."), "ends_on")
        renewal = Renewal(self.renewal.data or terms.renewal)
        if renewal == Renewal.TACIT and not self.renewal_years.data:
            raise DomainError(
                N_("Vul in met hoeveel jaar telkens verlengd wordt."), "renewal_years"
            )
        return drafting.with_dates(terms, starts_on, ends_on).with_(
            renewal=renewal,
            renewal_years=self.renewal_years.data or 0,
            notice_months=self.notice_months.data or 0,
            severance=self.severance.data,
            deadlines=_deadlines(self, terms),
        )


class InKindForm(RowForm):
    """What a party brings in without money."""

    label = wtforms.StringField(lazy_gettext("Wat"), [Length(max=200)])
    by = wtforms.StringField(lazy_gettext("Door wie"), [Length(max=160)])
    cents = AmountField(lazy_gettext("Waarde per jaar"))


class ClausesForm(DraftForm):
    """Special clauses, contributions in kind, grounds, and the terms the articles speak of."""

    special_clauses = wtforms.TextAreaField(
        lazy_gettext("Bijzondere bepalingen (artikel 29)"), [Length(max=6000)]
    )
    in_kind = wtforms.FieldList(
        wtforms.FormField(InKindForm), lazy_gettext("Bijdragen in natura"), max_entries=MOST_IN_KIND
    )
    plan_action = wtforms.StringField(lazy_gettext("Actie in het meerjarenplan"))
    sdgs = CheckboxesField(
        lazy_gettext("Duurzame-ontwikkelingsdoelen"), coerce=int, choices=choices_of(SDG_NAMES)
    )
    legal_grounds = CheckboxesField(lazy_gettext("Rechtsgronden in de overwegingen"))
    court = wtforms.StringField(lazy_gettext("Bevoegde rechtbank"))
    place = wtforms.StringField(lazy_gettext("Plaats van ondertekening"), [Length(max=80)])
    signature_level = RadioField(lazy_gettext("Handtekening"), choices=choices_of(SIGNATURE_LEVELS))
    feedback_days = NumberField(
        lazy_gettext("Terugkoppeling aan de verwijzer binnen (dagen)"),
        between(1, 60),
    )
    start_course_months = NumberField(
        lazy_gettext("Startopleiding binnen (maanden)"), between(1, 24)
    )
    visitation_years = NumberField(lazy_gettext("Visitatie om de (jaren)"), between(1, 10))
    steering_per_year = NumberField(lazy_gettext("Stuurgroep per jaar (keer)"), between(1, 12))
    minutes_days = NumberField(
        lazy_gettext("Verslag van de stuurgroep binnen (dagen)"), between(1, 90)
    )
    improvement_months = NumberField(
        lazy_gettext("Verbeterplan uitgevoerd binnen (maanden)"), between(1, 24)
    )
    default_days = NumberField(
        lazy_gettext("Termijn van een ingebrekestelling (dagen)"), between(1, 120)
    )

    hsv_only = frozenset({"legal_grounds", "sdgs", "court"})

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        names = ("special_clauses", "plan_action", "sdgs", "legal_grounds", "court", "place")
        return {name: getattr(terms, name) for name in (*names, "signature_level")} | {
            "in_kind": [{"label": k.label, "by": k.by, "cents": k.cents} for k in terms.in_kind],
            **_deadline_values(terms),
        }

    def prepare(self, terms: Terms) -> None:
        add_spare_rows(self.in_kind, self.is_submitted())
        if "legal_grounds" in self:
            offered = [g.text for g in legal.grounds_on("considerations", clock.today())]
            texts = dict.fromkeys([*terms.legal_grounds, *offered])
            self.legal_grounds.choices = [(text, text) for text in texts]

    def applied(self, terms: Terms) -> Terms:
        return terms.with_(
            special_clauses=self.special_clauses.data or "",
            in_kind=tuple(_in_kind(row) for row in rows_of(self.in_kind.entries)),
            plan_action=self.plan_action.data or "",
            sdgs=tuple(sorted(self.given("sdgs", terms.sdgs))),
            legal_grounds=tuple(self.given("legal_grounds", terms.legal_grounds)),
            court=self.given("court", terms.court) or "",
            place=self.place.data or "",
            signature_level=self.signature_level.data or terms.signature_level,
            deadlines=_deadlines(self, terms),
        )


def _in_kind(row: InKindForm) -> InKind:
    return InKind(row.label.data or "Bijdrage", row.by.data or "", row.cents.data)


def _deadline_values(terms: Terms) -> dict[str, int]:
    return {name: getattr(terms.deadlines, name) for name in _DEADLINES}


def _deadlines(form: DraftForm, terms: Terms) -> Any:
    given = {name: form[name].data for name in _DEADLINES if name in form and form[name].data}
    return replace(terms.deadlines, **given)
