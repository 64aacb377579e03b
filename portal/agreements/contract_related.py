"""The documents around a contract: the draft decision of a partner's body, and the addendum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.agreements import contract_money
from portal.agreements import contract_words as words
from portal.agreements.contract import Imprint, TemplateKind, context, fill
from portal.agreements.contract_words import filled
from portal.agreements.terms import Terms

_QUALIFICATIONS = {
    "subsidy": "een subsidie",
    "service": "een vergoeding voor een dienst",
}


@dataclass(frozen=True)
class Qualification:
    """Whether the contribution is a subsidy or pays a service, and why."""

    kind: str = ""  # subsidy, service, or nothing decided yet
    reason: str = ""


@dataclass(frozen=True)
class ArticleChange:
    """The new text of an article, a line per paragraph; article None: of an annex, say."""

    article: int | None
    title: str
    text: str


@dataclass(frozen=True)
class Addendum:
    """What an addendum changes, from when, and why; `signed_on`: when the agreement was signed."""

    number: int
    signed_on: date
    from_on: date
    reason: str
    changes: tuple[ArticleChange, ...]
    finance: str = "Dit addendum heeft geen financiële gevolgen."
    new_budget: bool = False


def draft_decision_docx(
    terms: Terms,
    imprint: Imprint,
    partner: int,
    grounds: Sequence[str],
    *,
    qualification: Qualification | None = None,
    edition: bytes | None = None,
) -> bytes:
    """Return the decision a partner's body may take, in Word; `partner` is its place in the terms.

    Raises RefusedError for a template that cannot be filled in.
    """
    data = decision_context(terms, imprint, partner, grounds, qualification or Qualification())
    return fill(TemplateKind.DECISION, data, edition)


def decision_context(
    terms: Terms,
    imprint: Imprint,
    partner: int,
    grounds: Sequence[str],
    qualification: Qualification,
) -> dict[str, Any]:
    """Return the data of a draft decision; the fields are those of `DECISION_FIELDS`."""
    data = context(terms, imprint)
    party = data["partners"][partner]
    totals, _dues = contract_money.reckon(terms)
    others = [p["naam"] for i, p in enumerate(data["partners"]) if i != partner]
    return {
        **data,
        "bestuur": {
            **{k: v for k, v in party.items() if k not in ("schijven", "besluit", "contact")},
            "orgaan_naam": party["orgaan"][:1].upper() + party["orgaan"][1:],
            "ondertekenaars_tekst": words.listed(
                f"de {one['hoedanigheid']}" for one in party["ondertekenaars"]
            ),
        },
        "andere_partners": words.listed(others),
        "alle_partners": words.listed(p["naam"] for p in data["partners"]),
        "andere_besluiten": [
            {"orgaan": p["orgaan"], "naam": p["naam"], "datum": p["besluit"]["datum"]}
            for i, p in enumerate(data["partners"])
            if i != partner and p["besluit"]["bekend"]
        ],
        "gronden": list(grounds) or [words.DOTS],
        "kwalificatie": _QUALIFICATIONS.get(qualification.kind, ""),
        "kwalificatie_reden": qualification.reason.strip(),
        "bijdragen": contract_money.contributions_of(totals, partner),
    }


def addendum_docx(
    terms: Terms, imprint: Imprint, addendum: Addendum, edition: bytes | None = None
) -> bytes:
    """Return an addendum in Word; `terms` are those of the consolidated text.

    Raises RefusedError for a template that cannot be filled in.
    """
    return fill(TemplateKind.ADDENDUM, addendum_context(terms, imprint, addendum), edition)


def addendum_context(terms: Terms, imprint: Imprint, addendum: Addendum) -> dict[str, Any]:
    """Return the data of an addendum; the fields are those of `ADDENDUM_FIELDS`."""
    return {
        **context(terms, imprint),
        "addendum": {
            "nummer": str(addendum.number),
            "overeenkomst_datum": words.day(addendum.signed_on),
            "vanaf": words.day(addendum.from_on),
            "aanleiding": filled(addendum.reason),
            "financieel": filled(addendum.finance),
            "nieuwe_begroting": addendum.new_budget,
            "wijzigingen": [
                {
                    "artikel": str(one.article or ""),
                    "titel": one.title,
                    "tekst": words.paragraphs(one.text),
                }
                for one in addendum.changes
            ],
        },
    }
