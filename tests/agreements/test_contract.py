"""The contracts: complete, exact, and the same for everybody where they should be."""

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest

from portal.agreements import contract, contract_samples
from portal.agreements.contract import FOLDER, Imprint, TemplateKind, agreement_docx, template
from portal.agreements.contract_fields import fields_of
from portal.agreements.contract_law import wordings
from portal.agreements.contract_parties import Decided
from portal.agreements.contract_related import (
    Addendum,
    ArticleChange,
    Qualification,
    addendum_context,
    addendum_docx,
    decision_context,
    draft_decision_docx,
)
from portal.agreements.contract_samples import IMPRINT, sample
from portal.agreements.terms import (
    BudgetLine,
    DecidingBody,
    Formula,
    Indexation,
    IndexKind,
    Renewal,
    Terms,
)
from portal.core.rendering import Converter, inspect_docx, inspect_template
from portal.core.rendering.completeness import text_of_pdf
from portal.core.rendering.outline import Outline, Paragraph, Table, outline
from portal.core.rendering.package import read

WORD2PDF = Converter(libreoffice=None)
EVERY = [(formula, count) for formula in Formula for count in (1, 3, 8)]
FIXED_ARTICLES = (3, 17, 18)
DICT_METHODS = {name for name in dir(dict) if not name.startswith("_")}


def read_outline(data: bytes) -> Outline:
    return outline(read(data))


def articles(data: bytes) -> dict[int, tuple[str, str]]:
    """Return each article by number: title and text."""
    found = {}
    for heading, under in read_outline(data).sections():
        match = re.fullmatch(r"Artikel (\d+)\.", heading.number) if heading else None
        if heading and match:
            found[int(match[1])] = (heading.text, text_of(under))
    return found


def annexes(data: bytes) -> list[str]:
    sections = read_outline(data).sections()
    return [h.text for h, _under in sections if h and h.number.startswith("Bijlage")]


def text_of(blocks: list[Paragraph | Table]) -> str:
    return "\n".join(
        b.words if isinstance(b, Paragraph) else "\n".join(" | ".join(r.cells) for r in b.rows)
        for b in blocks
    )


def tables(data: bytes) -> list[list[tuple[str, ...]]]:
    return [
        [tuple(cell.replace("\u00a0", " ") for cell in row.cells) for row in block.rows]
        for block in read_outline(data).blocks
        if isinstance(block, Table)
    ]


def printed(data: bytes) -> str:
    return " ".join(text_of_pdf(WORD2PDF.to_pdf(data)).split())


@pytest.mark.parametrize(("formula", "partners"), EVERY)
def test_each_contract_has_its_thirty_articles_and_eight_annexes(
    formula: Formula, partners: int
) -> None:
    data = agreement_docx(sample(formula, partners), IMPRINT)

    assert inspect_docx(data) == []
    assert list(articles(data)) == list(range(1, 31))
    assert len(annexes(data)) == 8
    assert all(text for _title, text in articles(data).values())


@pytest.mark.parametrize(("formula", "partners"), EVERY)
def test_each_contract_prints_whole(formula: Formula, partners: int) -> None:
    """The converter refuses a PDF that lacks a word; page numbers are counted on every page."""
    text = printed(agreement_docx(sample(formula, partners), IMPRINT))

    for number in range(1, 31):
        assert f"Artikel {number}. " in text
    assert "O-VOOR-BEELD, versie 3" in text
    pages = re.findall(r"Pagina (\d+) van (\d+)", text)
    assert [int(page) for page, _of in pages] == list(range(1, len(pages) + 1))
    assert {of for _page, of in pages} == {str(len(pages))}


def test_article_seven_is_that_of_its_package() -> None:
    titles = {f: articles(agreement_docx(sample(f), IMPRINT))[7][0] for f in Formula}

    assert titles == {
        Formula.EXPERT: "Lokale medewerker van de partner",
        Formula.COORDINATOR: "Coördinator van HSV",
        Formula.CUSTOM: "Rolverdeling",
    }


def test_what_packages_share_is_word_for_word_the_same() -> None:
    """Each package has a template of its own; this says which articles may differ."""
    found = [articles(template(TemplateKind(f.value))) for f in Formula]

    differing = [n for n in found[0] if len({one[n] for one in found}) > 1]

    assert differing == [1, 2, 4, 7, 10, 11, 18, 26]


def test_fixed_articles_hold_no_choice_of_the_parties() -> None:
    """What they may name: laws, terms in days, and who does what under article 7 and 8."""
    may = {"vrijwilligersorganisatie", "privacyrol == 'gezamenlijk'"}
    for formula in Formula:
        for number in FIXED_ARTICLES:
            text = articles(template(TemplateKind(formula.value)))[number][1]
            used = re.findall(r"\{\{ (.+?) \}\}|\{%p if (.+?) %\}", text)
            names = {a or b for a, b in used}
            assert all(n.startswith(("recht.", "termijnen.")) or n in may for n in names), names


def test_special_clauses_never_reach_fixed_articles() -> None:
    plain = sample(Formula.COORDINATOR).with_(special_clauses="")
    special = plain.with_(special_clauses="Artikel 3 geldt hier niet.")

    before, after = (articles(agreement_docx(t, IMPRINT)) for t in (plain, special))

    assert [n for n in before if before[n] != after[n]] == [29]


@pytest.mark.parametrize("kind", TemplateKind)
def test_the_templates_use_documented_fields_only(kind: TemplateKind) -> None:
    assert inspect_template(template(kind), [f.name for f in fields_of(kind)]) == []


def test_every_template_in_the_folder_is_known() -> None:
    others = {"family-letter.docx", "statement.docx"}  # of referrals and of finance
    known = {kind.filename for kind in TemplateKind} | others
    assert {path.name for path in FOLDER.glob("*.docx")} == known


def names(value: Any, under: str = "") -> set[str]:
    if isinstance(value, dict):
        assert not value.keys() & DICT_METHODS, "a template would find the method, not the field"
        return {n for k, v in value.items() for n in names(v, f"{under}.{k}" if under else k)}
    if isinstance(value, list):
        return {n for one in value for n in names(one, f"{under}[]")} or {f"{under}[]"}
    assert isinstance(value, str | bool), f"{under} is not text as it is printed"
    return {under}


def test_the_documented_fields_are_those_there_are() -> None:
    terms = sample(Formula.COORDINATOR)
    known = terms.with_(
        partners=tuple(replace(p, organisation_id=i) for i, p in enumerate(terms.partners, 1))
    )
    imprint = replace(IMPRINT, decisions={2: Decided(DecidingBody.COUNCIL, IMPRINT.made_on, "")})
    decision = decision_context(known, imprint, 0, ["grond"], Qualification("subsidy", "reden"))
    addendum = addendum_context(terms, IMPRINT, ADDENDUM)

    assert names(contract.context(terms, IMPRINT)) == {
        f.name for f in fields_of(TemplateKind.COORDINATOR)
    }
    assert names(decision) == {f.name for f in fields_of(TemplateKind.DECISION)}
    assert names(addendum) == {f.name for f in fields_of(TemplateKind.ADDENDUM)}


ADDENDUM = Addendum(
    number=1,
    signed_on=date(2027, 2, 1),
    from_on=date(2028, 1, 1),
    reason="Het werkingsgebied groeit & verandert.",
    changes=(ArticleChange(2, "Voorwerp en formule", "Een nieuwe tekst.\nEen tweede lid."),),
    new_budget=True,
)


def test_awkward_names_are_printed_exactly() -> None:
    names_ = [p.name for p in sample(Formula.CUSTOM, 8).partners]
    text = printed(agreement_docx(sample(Formula.CUSTOM, 8), IMPRINT))

    assert "Vriendenkring A & B <vzw>" in names_
    for name in names_:
        assert name in text
    assert "Fatma Yılmaz" in text
    assert "De folder verschijnt ook in het Turks & het Pools." in text


def test_fifty_budget_lines_are_printed_to_the_cent() -> None:
    lines = tuple(
        BudgetLine(f"L{n:02}", f"Lijn {n} & <meer>", "", (n * 10_001, n, 0, 7)) for n in range(50)
    )
    data = agreement_docx(sample(Formula.CUSTOM).with_(lines=lines, income=()), IMPRINT)

    budget = next(t for t in tables(data) if t[0][0] == "Code")

    assert budget[0] == (
        "Code",
        "Begrotingslijn (dienst)",
        "2027\ntien maanden",
        "2028",
        "2029",
        "2030\ntwee maanden",
    )
    assert [row[0] for row in budget[1:51]] == [line.code for line in lines]
    assert budget[50][1:] == ("Lijn 49 & <meer>", "€ 4.900,49", "€ 0,49", "€ 0,00", "€ 0,07")
    assert budget[51][1:4] == ("Totaal kosten", "€ 122.512,25", "€ 12,25")
    assert "L49" in printed(data)


def test_more_years_than_a_page_holds_go_in_tables_of_four() -> None:
    terms = sample(Formula.COORDINATOR).with_(ends_on=date(2033, 2, 28))
    heads = [t[0] for t in tables(agreement_docx(terms, IMPRINT)) if t[0][0] == "Code"]

    assert [len(head) for head in heads] == [6, 5]


def test_each_partner_sees_its_instalments_and_their_sum() -> None:
    data = agreement_docx(sample(Formula.COORDINATOR, 8), IMPRINT)
    calendar = next(t for t in tables(data) if t[0][:2] == ("Jaar", "Schijf"))

    def cents(text: str) -> int:
        return int(re.sub(r"[^0-9]", "", text))

    totals = [i for i, row in enumerate(calendar) if row[2:3] == ("Totaal over de looptijd",)]
    starts = [1, *(i + 1 for i in totals[:-1])]
    assert len(totals) == 8
    for start, end in zip(starts, totals, strict=True):
        assert calendar[start][0] in [p.name for p in sample(Formula.COORDINATOR, 8).partners]
        assert sum(cents(row[-1]) for row in calendar[start + 1 : end]) == cents(calendar[end][-1])


def article(terms: Terms, number: int) -> str:
    return articles(agreement_docx(terms, IMPRINT))[number][1]


def test_indexation_is_worded_as_chosen() -> None:
    terms = sample(Formula.COORDINATOR)
    month = date(2026, 11, 1)

    health = article(terms.with_(indexation=Indexation(IndexKind.HEALTH, month, cap_bp=350)), 13)
    wages = article(terms.with_(indexation=Indexation(IndexKind.SPIL, month, floor=False)), 13)
    none = article(terms.with_(indexation=Indexation(IndexKind.NONE)), 13)

    assert "nieuw bedrag = basisbedrag × nieuwe index ÷ aanvangsindex" in health
    assert "gezondheidsindex van november 2026" in health
    assert "nooit meer dan 3,5 %" in health.replace("\u00a0", " ")
    assert "spilindex" in wages
    assert "nooit onder het basisbedrag" not in wages
    assert none == "13.1. De bedragen van bijlage 2 worden niet geïndexeerd."


def test_renewal_interest_and_notice_are_worded_as_chosen() -> None:
    terms = sample(Formula.COORDINATOR)

    assert "enkel uitdrukkelijk verlengd" in article(terms, 23)
    tacit = article(terms.with_(renewal=Renewal.TACIT, renewal_years=3), 23)
    assert "stilzwijgend verlengd met drie jaar" in tacit
    assert "wet van 2 augustus 2002" in article(terms.with_(late_interest="commercial"), 12)
    assert "de wettelijke interestvoet" in article(terms, 12)
    assert "met een termijn van negen maanden" in article(terms.with_(notice_months=9), 25)
    assert "verbreking" not in article(terms.with_(severance=False), 26)


def test_the_roles_for_privacy_follow_the_package() -> None:
    expert = sample(Formula.EXPERT)

    assert "HSV is verwerkingsverantwoordelijke" in article(sample(Formula.COORDINATOR), 18)
    assert "als verwerker" in article(expert.with_(privacy_role="controller"), 18)
    assert "gezamenlijke verwerkingsverantwoordelijken" in article(
        expert.with_(privacy_role="joint"), 18
    )


def test_one_partner_alone_reads_well() -> None:
    data = agreement_docx(sample(Formula.COORDINATOR, 1), IMPRINT)

    assert "Zegt één partner op" not in articles(data)[25][1]
    assert "aan Gemeente Merelbeke-Melle een schuldvordering." in articles(data)[12][1]


def test_decisions_stand_in_the_contract_once_they_are_known() -> None:
    terms = sample(Formula.COORDINATOR)
    decided = Decided(
        DecidingBody.COUNCIL,
        date(2027, 1, 25),
        "Goedkeuring Home-Start & partners",
        "GR/2027/12",
        "https://data.voorbeeld.test/id/besluiten/12",
    )
    imprint = replace(IMPRINT, decisions={1: decided})

    before, after = (agreement_docx(terms, one) for one in (IMPRINT, imprint))

    row = next(r for t in tables(after) for r in t if "GR/2027/12" in r[-1])
    assert row[:3] == ("Gemeente Merelbeke-Melle", "de gemeenteraad", "25 januari 2027")
    assert "beslissing van de gemeenteraad van 25 januari 2027" in printed(after)
    assert "die bijlage 6 vermeldt" in printed(before)


def test_a_draft_without_anything_filled_in_still_prints() -> None:
    bare = Terms(formula=Formula.CUSTOM)

    text = printed(agreement_docx(bare, Imprint("O-ABCD-EFGH", None, date(2026, 11, 23))))

    assert "versie ontwerp" in text
    assert "………" in text


def test_laws_are_worded_as_of_the_day_of_the_version() -> None:
    on = wordings(date(2026, 11, 23))

    assert set(on) == {
        f.name.removeprefix("recht.")
        for f in fields_of(TemplateKind.CUSTOM)
        if f.name.startswith("recht.")
    }
    assert "eIDAS" in on["handtekening"].text
    assert "handtekening" not in wordings(date(2010, 1, 1))


def test_no_template_names_an_article_of_a_law_itself() -> None:
    """Laws are renumbered; their articles come from dated data."""
    law = re.compile(
        r"\bart(ikel|\.)\s+\d+[^.;]{0,40}\b(wet|decreet|wetboek|verordening)\b|\bwet van \d|decreet van \d",
        re.I,
    )
    for kind in TemplateKind:
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(template(kind))).paragraphs)
        assert not law.findall(text), kind


def test_a_draft_decision_says_which_other_bodies_decided_before() -> None:
    terms = sample(Formula.COORDINATOR)
    first = replace(terms.partners[0], organisation_id=1)
    terms = terms.with_(partners=(first, *terms.partners[1:]))
    decided = Decided(DecidingBody.COUNCIL, date(2027, 1, 25), "Goedkeuring")

    texts = [
        printed(draft_decision_docx(terms, one, 1, []))
        for one in (IMPRINT, replace(IMPRINT, decisions={1: decided}))
    ]

    said = "Eerder keurde de gemeenteraad van Gemeente Merelbeke-Melle deze overeenkomst goed, "
    assert said not in texts[0]
    assert f"{said}op 25 januari 2027." in texts[1]


def test_a_draft_decision_has_what_staff_would_write() -> None:
    data = draft_decision_docx(
        sample(Formula.COORDINATOR),
        IMPRINT,
        1,
        ["artikel 84 van het decreet over het lokaal bestuur"],
        qualification=Qualification("subsidy", "Het initiatief gaat uit van de vzw."),
    )
    text = printed(data)

    for part in ("Feiten en context", "Juridische gronden", "Financiële gevolgen", "Besluit"):
        assert part in text
    assert "Het vast bureau keurt de samenwerkingsovereenkomst O-VOOR-BEELD (versie 3)" in text
    assert "artikel 84 van het decreet over het lokaal bestuur." in text
    assert "de voorzitter van het vast bureau en de algemeen directeur" in text
    assert "gekwalificeerd als een subsidie. Het initiatief gaat uit van de vzw." in text
    assert "Totaal over de looptijd € " in text
    assert list(articles(data)) == [1, 2, 3, 4, 5]


def test_an_addendum_names_what_it_changes() -> None:
    text = printed(addendum_docx(sample(Formula.COORDINATOR), IMPRINT, ADDENDUM))

    assert "Addendum 1" in text
    assert "Artikel 2 van de overeenkomst: Voorwerp en formule" in text
    assert "Een nieuwe tekst." in text
    assert "Het werkingsgebied groeit & verandert." in text


def test_the_processing_terms_print_whole() -> None:
    data = contract.fill(TemplateKind.PROCESSING, contract.context(sample(Formula.EXPERT), IMPRINT))

    assert "Verwerkersovereenkomst" in printed(data)
    assert list(articles(data)) == list(range(1, 13))


@pytest.mark.parametrize("kind", TemplateKind)
def test_documents_are_in_dutch_with_headings_and_repeated_table_heads(kind: TemplateKind) -> None:
    document = docx.Document(io.BytesIO(template(kind)))
    styles = read(template(kind)).parts["word/styles.xml"].decode()

    assert 'w:lang w:val="nl-BE"' in styles
    assert any(p.style.name == "Heading 1" for p in document.paragraphs if p.style)
    for table in document.tables:
        first = table.rows[0]._tr.xml
        shaded = 'w:fill="E3EFED"' in first
        assert shaded == ("w:tblHeader" in first)


def test_a_template_of_their_own_is_filled_in_the_jail() -> None:
    own = contract_samples.sample(Formula.EXPERT)

    data = agreement_docx(own, IMPRINT, edition=template(TemplateKind.EXPERT))

    assert articles(data) == articles(agreement_docx(own, IMPRINT))
