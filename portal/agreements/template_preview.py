"""A template filled in with made-up data, and what each field holds there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.agreements import contract, contract_related
from portal.agreements import contract_samples as samples
from portal.agreements.contract import TemplateKind
from portal.agreements.contract_fields import fields_of
from portal.agreements.contract_related import Addendum, ArticleChange, Qualification
from portal.agreements.terms import Formula
from portal.core.rendering import Converter

_GROUNDS = ("het decreet van 22 december 2017 over het lokaal bestuur, artikel 41",)
_ADDENDUM = Addendum(
    number=1,
    signed_on=date(2026, 12, 1),
    from_on=date(2028, 1, 1),
    reason="De werking groeit sneller dan verwacht.",
    changes=(ArticleChange(10, "Streefdoelen", "Het streefdoel wordt dertig gezinnen."),),
)
_QUALIFICATION = Qualification("subsidy", "De vzw neemt zelf het initiatief.")


def context_of(kind: TemplateKind) -> dict[str, Any]:
    """Return made-up data for a kind of template."""
    formulas = {str(formula): formula for formula in Formula}
    formulas[TemplateKind.PROCESSING] = Formula.EXPERT  # there a partner is the controller
    terms = samples.sample(formulas.get(str(kind), Formula.COORDINATOR))
    if kind == TemplateKind.ADDENDUM:
        return contract_related.addendum_context(terms, samples.IMPRINT, _ADDENDUM)
    if kind == TemplateKind.DECISION:
        return contract_related.decision_context(
            terms, samples.IMPRINT, 0, _GROUNDS, _QUALIFICATION
        )
    return contract.context(terms, samples.IMPRINT)


def preview(kind: TemplateKind, content: bytes | None, *, pdf: bool) -> bytes:
    """Return a template (None: the portal's own) filled in, in Word or PDF. Raises RefusedError."""
    docx = contract.fill(kind, context_of(kind), content)
    return Converter().to_pdf(docx) if pdf else docx


def examples(kind: TemplateKind) -> dict[str, str]:
    """Return for each field what it holds in the made-up data."""
    data = context_of(kind)
    return {one.name: _example(data, one.name) for one in fields_of(kind)}


def _example(data: Mapping[str, Any], name: str) -> str:
    value: Any = data
    for step in name.split("."):
        value = value.get(step.removesuffix("[]")) if isinstance(value, Mapping) else None
        if step.endswith("[]"):
            value = value[0] if value else None
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    return value if isinstance(value, str) else ""
