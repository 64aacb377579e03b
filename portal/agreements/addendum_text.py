"""The documents of an addendum: itself, the consolidated text, and the text it changes.

Old and new text are printed from one template and one wording of the law, those of the version that
was signed, so that they differ by the terms alone. Nothing is typed over: an article that reads
otherwise is taken from the new text, whole.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portal.agreements import (
    addenda,
    compute,
    contract,
    contract_text,
    decisions,
    instalments,
    word_templates,
)
from portal.agreements.contract import TemplateKind
from portal.agreements.contract_related import Addendum as Printed
from portal.agreements.contract_related import ArticleChange, addendum_docx
from portal.agreements.contract_text import Section
from portal.agreements.contract_words import euro, listed
from portal.agreements.drafting_checks import LOCKED_ARTICLES
from portal.agreements.imprints import imprint_of
from portal.agreements.in_force import Layer
from portal.agreements.models import Addendum, Agreement, AgreementVersion, TemplateEdition
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.rendering.outline import Paragraph, Table

_HEADING = re.compile(r"artikel\s+\d+\.?\s*", re.IGNORECASE)
_SIGNATURES = "artikel 30."  # with the places to sign: an addendum has its own
_BUDGET, _DECISIONS = "bijlage 2.", "bijlage 6."
BUDGET_TITLE = "Bijlage 2. Begroting, verdeling en betaling"  # replaced by tables, not by text
NOTHING_CHANGES = "Dit addendum heeft geen financiële gevolgen."


@dataclass(frozen=True)
class Texts:
    """An addendum in Word with what it says: `changes` in the order of the contract."""

    docx: bytes
    consolidated: bytes
    before: bytes
    changes: tuple[ArticleChange, ...]
    finance: str
    template_edition_id: int | None


def make(addendum: Addendum, number: int, edition: int | None) -> Texts:
    """Return the documents of a draft that has its day and reason; changes nothing.

    number: of the addendum; edition: of its version, None for a preview. Raises DomainError when
    an article that is fixed would change, RefusedError when it cannot be printed.
    """
    agreement = addendum.agreement
    layers = addenda.layers_with(addendum)
    before = _text(agreement, layers[:-1], _label(agreement, layers[-2]))
    after = _text(agreement, layers, f"geconsolideerd met addendum {number}")
    changes, new_budget = changed(before, after)
    _check_locked(changes)
    terms = addendum.terms
    template = word_templates.in_use(TemplateKind.ADDENDUM)
    finance = consequences(layers[-2].terms, terms, new_budget=new_budget)
    printed = _printed(addendum, number, changes, finance, new_budget=new_budget)
    imprint = replace(
        imprint_of(agreement, edition, clock.today()), decisions={}, dues=_dues(layers)
    )
    docx = addendum_docx(terms, imprint, printed, template.content)
    return Texts(docx, after, before, changes, finance, template.edition_id)


def _printed(
    addendum: Addendum,
    number: int,
    changes: tuple[ArticleChange, ...],
    finance: str,
    *,
    new_budget: bool,
) -> Printed:
    agreement = addendum.agreement
    known = (agreement.signed_at, agreement.approved_at, agreement.agreed_at)
    signed_at = next(filter(None, known), agreement.created_at)
    assert addendum.from_on is not None
    return Printed(
        number=number,
        signed_on=clock.local(signed_at).date(),
        from_on=addendum.from_on,
        reason=addendum.reason,
        changes=changes,
        finance=finance,
        new_budget=new_budget,
    )


def _text(agreement: Agreement, layers: Sequence[Layer], label: str) -> bytes:
    """Return the contract as it reads with the last of these layers, in Word."""
    version = decisions.agreed_version(agreement)
    printed_on = clock.local(version.proposed_at).date()
    imprint = imprint_of(agreement, version.number, printed_on)
    imprint = replace(imprint, label=label, dues=_dues(layers))
    return contract.agreement_docx(layers[-1].terms, imprint, _template(version))


def _dues(layers: Sequence[Layer]) -> list[compute.Due]:
    return [one.due for one in instalments.of(layers)]


def _template(version: AgreementVersion) -> bytes | None:
    if version.template_edition_id is None:
        return None
    edition = db.session.get_one(TemplateEdition, version.template_edition_id)
    return word_templates.content(edition)


def _label(agreement: Agreement, layer: Layer) -> str:
    if layer.number is None:
        return str(decisions.agreed_version(agreement).number)
    return f"geconsolideerd met addendum {layer.number}"


def changed(before: bytes, after: bytes) -> tuple[tuple[ArticleChange, ...], bool]:
    """Return the articles and other parts that read otherwise, and whether annex 2 does."""
    old = {_key(one): _lines(one) for one in contract_text.sections(before)}
    found = [
        one
        for one in contract_text.sections(after)
        if one.title and old.get(_key(one)) != _lines(one) and not is_of_signing(one.title)
    ]
    changes = tuple(_change(one) for one in found if not _is_budget(one))
    return changes, any(map(_is_budget, found))


def _key(section: Section) -> str:
    return str(section.article or section.title)


def is_of_signing(title: str) -> bool:
    """Say whether a part is about who signed and decided, which each document says for itself."""
    return title.lower().startswith((_SIGNATURES, _DECISIONS))


def _is_budget(section: Section) -> bool:
    return section.title.lower().startswith(_BUDGET)


def _change(section: Section) -> ArticleChange:
    title = _HEADING.sub("", section.title) if section.article else section.title
    return ArticleChange(section.article, title, "\n".join(_lines(section)))


def _lines(section: Section) -> list[str]:
    return [line for block in section.blocks for line in _of_block(block)]


def _of_block(block: Paragraph | Table) -> Iterable[str]:
    if isinstance(block, Paragraph):
        yield " ".join(block.words.split())
        return
    for row in block.rows:
        cells = [" ".join(cell.split()) for cell in row.cells if cell.strip()]
        if row.head and len(cells) == 2:
            continue  # what stands before and after the colon says itself
        yield ": ".join(cells) if len(cells) == 2 else " | ".join(cells)


def _check_locked(changes: Iterable[ArticleChange]) -> None:
    locked = [str(one.article) for one in changes if one.article in LOCKED_ARTICLES]
    if locked:
        raise DomainError(
            N_("De artikelen 3, 17 en 18 liggen vast. Draai terug wat artikel %(which)s wijzigt."),
            which=listed(locked),
        )


def consequences(before: Terms, after: Terms, *, new_budget: bool) -> str:
    """Return what it means in money, as a contract says it."""
    old = {y.year: y for y in compute.totals(before)}
    new = {y.year: y for y in compute.totals(after)}
    said = [
        f"{euro(new[y].partners_cents)} in {y}"
        + (f" in plaats van {euro(old[y].partners_cents)}" if y in old else "")
        for y in new
        if y not in old or old[y].partners_cents != new[y].partners_cents
    ]
    gone = [str(y) for y in old if y not in new]
    parts = []
    if said:
        parts.append(f"De partners dragen samen bij: {listed(said)}.")
    if gone:
        parts.append(f"Voor {listed(gone)} is geen bijdrage meer verschuldigd.")
    if not parts and any(old[y].shares_cents != new[y].shares_cents for y in new):
        parts.append("De bijdragen van de partners samen blijven gelijk; hun verdeling wijzigt.")
    if not parts and new_budget:
        parts.append("De bijdragen blijven gelijk; de begroting of de betaling wijzigt.")
    if parts and _is_mid_year(before, after):
        parts.append("Wat al verviel voor dit addendum geldt, blijft zoals het was.")
    return " ".join(parts) or NOTHING_CHANGES


def _is_mid_year(before: Terms, after: Terms) -> bool:
    """Say whether a year that has both old and new terms changes."""
    old = {y.year: y.shares_cents for y in compute.totals(before)}
    return any(old.get(y.year, y.shares_cents) != y.shares_cents for y in compute.totals(after))
