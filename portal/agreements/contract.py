"""The Word documents of an agreement: which template, and the data it is filled in with.

What a template may use is listed in `contract_fields`, in Dutch, because the people who write
contracts write templates too. Every value is text as it is printed; nothing is left to a template
but to place it, to repeat it per partner, service or line, and to leave it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from portal.agreements import contract_law, contract_money, contract_parties
from portal.agreements import contract_words as words
from portal.agreements.compute import Due
from portal.agreements.contract_law import Law
from portal.agreements.contract_parties import Decided
from portal.agreements.contract_words import filled
from portal.agreements.terms import Goal, IndexKind, Renewal, Terms
from portal.core.i18n import N_
from portal.core.rendering import render_docx

FOLDER = Path(__file__).resolve().parents[2] / "contracts" / "templates"


class TemplateKind(StrEnum):
    """What a template is for. The first three are the formulas of `terms.Formula`."""

    EXPERT = "A"
    COORDINATOR = "B"
    CUSTOM = "C"
    ADDENDUM = "addendum"
    PROCESSING = "processing"
    DECISION = "decision"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _LABELS[self]

    @property
    def filename(self) -> str:
        """Return the name of the template that comes with the portal."""
        return _FILES[self]


_LABELS = {
    TemplateKind.EXPERT: N_("Overeenkomst pakket A"),
    TemplateKind.COORDINATOR: N_("Overeenkomst pakket B"),
    TemplateKind.CUSTOM: N_("Overeenkomst pakket C"),
    TemplateKind.ADDENDUM: N_("Addendum"),
    TemplateKind.PROCESSING: N_("Afspraken over persoonsgegevens"),
    TemplateKind.DECISION: N_("Ontwerpbesluit"),
}
_FILES = {
    TemplateKind.EXPERT: "agreement-a.docx",
    TemplateKind.COORDINATOR: "agreement-b.docx",
    TemplateKind.CUSTOM: "agreement-c.docx",
    TemplateKind.ADDENDUM: "addendum.docx",
    TemplateKind.PROCESSING: "processing-annex.docx",
    TemplateKind.DECISION: "draft-decision.docx",
}
_GOALS = {
    Goal.START: "op te starten",
    Goal.STRENGTHEN: "te versterken",
    Goal.BOTH: "op te starten en te versterken",
}
_FORMULAS = {
    "A": "Home-Startexpert",
    "B": "Home-Startcoördinator",
    "C": "andere formule",
}
_SDGS = {
    1: "geen armoede",
    3: "goede gezondheid en welzijn",
    4: "kwaliteitsonderwijs",
    10: "ongelijkheid verminderen",
    11: "duurzame steden en gemeenschappen",
    17: "partnerschap om doelstellingen te bereiken",
}
_LEVELS = {
    "simple": "een gewone elektronische handtekening",
    "advanced": "een geavanceerde elektronische handtekening",
    "qualified": "een gekwalificeerde elektronische handtekening",
}


@dataclass(frozen=True)
class Imprint:
    """What is printed on a version beside its terms. `number`: of the version, None for a draft.

    `decisions`: what the bodies decided, by organisation; none yet while it is negotiated. `law`:
    how it is worded that day, None for as shipped. `imprints.imprint_of` fills in both.
    """

    reference: str
    number: int | None
    made_on: date
    decisions: Mapping[int, Decided] = field(default_factory=dict)
    law: Law | None = None
    label: str = ""  # printed instead of the number
    dues: Sequence[Due] | None = None  # where the terms alone do not say what is due

    @property
    def version(self) -> str:
        """Return the number as printed."""
        return self.label or ("ontwerp" if self.number is None else str(self.number))


def template(kind: TemplateKind) -> bytes:
    """Return the template that comes with the portal."""
    return (FOLDER / kind.filename).read_bytes()


def agreement_docx(terms: Terms, imprint: Imprint, edition: bytes | None = None) -> bytes:
    """Return the contract in Word. `edition`: a template of HSV's own, else the portal's.

    Raises RefusedError for a template that cannot be filled in.
    """
    return fill(TemplateKind(terms.formula.value), context(terms, imprint), edition)


def fill(kind: TemplateKind, data: Mapping[str, Any], edition: bytes | None = None) -> bytes:
    """Return a document of a kind, filled in with the data of its context. Raises RefusedError."""
    title = f"{data['titel']} ({data['referentie']}, versie {data['versie']})"
    if edition is None:
        return render_docx(template(kind), data, title=title, trusted=True)
    return render_docx(edition, data, title=title)


def context(terms: Terms, imprint: Imprint) -> dict[str, Any]:
    """Return the data of an agreement, as text; the fields are those of `contract_fields.FIELDS`.

    What the terms do not say yet is printed as dots to fill in.
    """
    totals, dues = contract_money.reckon(terms)
    dues = dues if imprint.dues is None else list(imprint.dues)
    law = imprint.law or contract_law.shipped_law(imprint.made_on)
    return {
        "referentie": imprint.reference,
        "versie": imprint.version,
        "versie_datum": words.day(imprint.made_on),
        "titel": filled(terms.title),
        "recht": dict(law.wordings),
        "bewaring": [{"gegevens": r.data, "termijn": r.term} for r in law.retentions],
        **contract_parties.parties(terms, imprint.decisions, dues),
        **_subject(terms),
        **_work(terms),
        "begroting": contract_money.budget_tables(terms, totals),
        "jaarbijdragen": contract_money.contributions(totals),
        "natura": [
            {
                "omschrijving": filled(one.label),
                "door": filled(one.by),
                "waarde": words.euro(one.cents) if one.cents else "pro memorie",
            }
            for one in terms.in_kind
        ],
        **_conditions(terms),
        "termijnen": _deadlines(terms),
    }


def _subject(terms: Terms) -> dict[str, Any]:
    return {
        "formule": terms.formula.value,
        "formule_naam": _FORMULAS[terms.formula.value],
        "doel": _GOALS[terms.goal],
        "gebied": [
            {
                "naam": place.name,
                "nis": place.nis,
                "inwoners": words.number(place.inhabitants) if place.inhabitants else words.DOTS,
                "op": str(place.inhabitants_year or ""),
            }
            for place in terms.area
        ],
        "gebied_tekst": filled(words.listed(place.name for place in terms.area)),
        "rechtsgronden": list(terms.legal_grounds),
        "sdgs": [{"nummer": str(n), "naam": _SDGS.get(n, "")} for n in terms.sdgs],
        "meerjarenplan": terms.plan_action.strip(),
        "bijzondere_bepalingen": words.paragraphs(terms.special_clauses),
    }


def _work(terms: Terms) -> dict[str, Any]:
    coordination = terms.coordination
    return {
        "diensten": [
            {
                "nummer": "" if one.number is None else str(one.number),
                "titel": filled(one.title),
                "tekst": filled(one.text),
                "door": one.by or "Home-Start Vlaanderen vzw",
            }
            for one in terms.services
        ],
        "gezinnen": str(terms.families) if terms.families else words.DOTS,
        "streefdoelen": [
            {
                "werkjaar": words.ordinal(i),
                "gezinnen": str(one.families),
                "vrijwilligers": str(one.volunteers),
            }
            for i, one in enumerate(terms.targets, start=1)
        ],
        "coordinator": {
            "vte": words.decimal(coordination.fte_percent) if coordination.fte_percent else "…",
            "naam": coordination.name,
            "functie": coordination.function,
            "dienst": coordination.service,
            "standplaats": filled(coordination.workplace),
            "start": words.day(coordination.starts_on or terms.starts_on),
            "paritair_comite": coordination.joint_committee,
            "vervanging": words.count(coordination.replacement_weeks, "week", "weken"),
        },
        "uren_expert": str(terms.expert_hours or ""),
        "coachingsgesprekken": str(terms.coaching_talks or ""),
        "vrijwilligersorganisatie": contract_parties.volunteers_with(terms),
        "verzekering": terms.insurance.strip(),
        "lokalen": terms.rooms.strip(),
    }


def _conditions(terms: Terms) -> dict[str, Any]:
    rules = terms.indexation
    index = {IndexKind.HEALTH: "gezondheidsindex", IndexKind.SPIL: "spilindex"}.get(rules.kind, "")
    return {
        "begin": words.day(terms.starts_on),
        "einde": words.day(terms.ends_on),
        "duur": words.term(terms.starts_on, terms.ends_on),
        "verlenging": {
            "stilzwijgend": terms.renewal == Renewal.TACIT,
            "duur": words.count(max(terms.renewal_years, 1), "jaar", "jaar"),
        },
        "opzegtermijn": words.count(terms.notice_months, "maand", "maanden"),
        "verbrekingskosten": terms.severance,
        "indexering": {
            "wijze": index,
            "basismaand": words.month(rules.base_month),
            "referentiemaand": words.month_name(rules.reference_month),
            "ondergrens": rules.floor,
            "plafond": words.percentage(rules.cap_bp) if rules.cap_bp else "",
        },
        "reserve": words.percentage(terms.reserve_bp) if terms.reserve_bp else "",
        "interest": "handel" if terms.late_interest == "commercial" else "wettelijk",
        "privacyrol": "gezamenlijk" if terms.privacy_role == "joint" else "partner",
        "rechtbank": filled(terms.court),
        "plaats": filled(terms.place),
        "handtekening": _LEVELS.get(terms.signature_level, _LEVELS["advanced"]),
    }


def _deadlines(terms: Terms) -> dict[str, str]:
    d = terms.deadlines
    return {
        "terugkoppeling": words.count(d.feedback_days, "dag", "dagen"),
        "betaling": words.count(d.payment_days, "dag", "dagen"),
        "startopleiding": words.count(d.start_course_months, "maand", "maanden"),
        "visitatie": words.count(d.visitation_years, "jaar", "jaar"),
        "stuurgroep": words.count(d.steering_per_year, "keer", "keer"),
        "verslag": words.count(d.minutes_days, "dag", "dagen"),
        "tussentijdse_evaluatie": words.count(d.interim_evaluation_months, "maand", "maanden"),
        "eindevaluatie": words.count(d.final_evaluation_months, "maand", "maanden"),
        "verbetering": words.count(d.improvement_months, "maand", "maanden"),
        "datalek": words.count(d.breach_hours, "uur", "uur"),
        "ingebrekestelling": words.count(d.default_days, "dag", "dagen"),
        "afronding": words.count(d.wind_down_months, "maand", "maanden"),
        "verantwoording": words.day_of_year(d.report_month, d.report_day),
    }
