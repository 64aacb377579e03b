"""From Word to PDF: all of it, or not at all."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from portal.agreements.contract import agreement_docx
from portal.agreements.contract_samples import IMPRINT, sample
from portal.agreements.terms import Formula
from portal.core.rendering import Converter, RefusedError
from portal.core.rendering import word as program
from portal.core.rendering.completeness import missing, text_of_pdf
from portal.core.rendering.conversion import find_libreoffice
from portal.core.rendering.jail import MEGABYTE, Limits
from portal.core.rendering.package import read
from tests.core.rendering.make_docx import with_relation, word
from tests.core.rendering.test_bad_files import BAD_FILES

WORD2PDF = Converter(libreoffice=None)
ENGINES = [WORD2PDF, *([Converter()] if find_libreoffice() else [])]


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("converter", ENGINES, ids=lambda c: c.name)
def test_a_pdf_says_all_of_it(converter: Converter) -> None:
    data = word(
        "Çocuk & Aile <Łódź> “Ieper” € 1.234,56 – Žďár, Ștefan, Ağaoğlu, Жанна",
        "A" * 300,
        rows=[["B10", "€ 34.000,00"], ["B11", "Eén & ander"]],
        header="O-ABCD-EFGH, versie 3",
        footer="Pagina",
    )

    text = folded(text_of_pdf(converter.to_pdf(data)))

    assert "Çocuk & Aile <Łódź> “Ieper” € 1.234,56 – Žďár, Ștefan, Ağaoğlu, Жанна" in text
    assert "O-ABCD-EFGH, versie 3" in text
    assert "Eén & ander" in text


def test_the_same_document_gives_the_same_bytes() -> None:
    data = word("Een alinea.")

    assert WORD2PDF.to_pdf(data) == WORD2PDF.to_pdf(data)


# word2pdf as it is, but for what the portal needs of it.
_SLOWLY = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("word", sys.argv[1])
word = module_from_spec(spec)
spec.loader.exec_module(word)
word.FASTER = ()
word.main("nl-BE")
"""


@pytest.mark.parametrize("formula", list(Formula))
def test_what_makes_a_conversion_faster_changes_no_byte_of_it(formula: Formula) -> None:
    data = agreement_docx(sample(formula, 3), IMPRINT)

    slowly = subprocess.run(
        [sys.executable, "-I", "-c", _SLOWLY, program.__file__],
        input=data, capture_output=True, check=True,
    )  # fmt: skip

    assert WORD2PDF.to_pdf(data) == slowly.stdout


def test_each_heading_is_a_bookmark_to_its_own_page() -> None:
    data = agreement_docx(sample(Formula.COORDINATOR, 3), IMPRINT)
    reader = PdfReader(BytesIO(WORD2PDF.to_pdf(data)))
    texts = [folded(page.extract_text()) for page in reader.pages]

    found = [one for one in _flat(reader.outline) if one.title]

    assert len(found) > 30
    for one in found:
        page = reader.get_destination_page_number(one)
        assert page is not None
        assert folded(str(one.title)) in texts[page], one.title


def _flat(outline: Any) -> Iterator[Any]:
    for one in outline:
        yield from _flat(one) if isinstance(one, list) else (one,)


def test_a_pdf_says_its_language_and_embeds_its_fonts() -> None:
    catalog = PdfReader(BytesIO(WORD2PDF.to_pdf(word("Een alinea.")))).trailer["/Root"]

    assert cast(Any, catalog)["/Lang"] == "nl-BE"


def test_a_character_without_a_shape_is_refused_by_name() -> None:
    with pytest.raises(RefusedError) as refused:
        WORD2PDF.to_pdf(word("Gewoon.", "Met een 漢 erin."))

    assert "“Met een 漢 erin.”: Dit teken kan niet afgedrukt worden: 漢 (U+6F22)" in str(
        refused.value
    )


def test_a_word_that_got_lost_is_noticed() -> None:
    whole = word("Het eerste lid.", "Het tweede lid & wat erbij hoort.")
    pdf = WORD2PDF.to_pdf(word("Het eerste lid.", "Het tweede lid wat erbij hoort."))

    assert [str(p) for p in missing(read(whole), pdf)] == [
        "“Het tweede lid & wat erbij hoort.”: Tekst ontbreekt in de PDF: &"
    ]


def test_a_table_that_got_lost_is_noticed() -> None:
    whole = word("Begroting", rows=[["B10", "Loonkost"], ["B11", "Verzekering"]])
    pdf = WORD2PDF.to_pdf(word("Begroting", rows=[["B10", "Loonkost"]]))

    assert "Verzekering" in str(missing(read(whole), pdf)[-1])


def test_a_header_that_got_lost_is_noticed() -> None:
    pdf = WORD2PDF.to_pdf(word("Tekst"))

    assert "O-ABCD-EFGH" in str(missing(read(word("Tekst", header="O-ABCD-EFGH")), pdf)[0])


def test_open_tracked_changes_are_not_converted() -> None:
    with pytest.raises(RefusedError) as refused:
        WORD2PDF.to_pdf(BAD_FILES["inserted text"][0])

    assert "bijgehouden wijziging" in str(refused.value)


def test_a_file_that_reaches_outside_is_not_converted() -> None:
    with pytest.raises(RefusedError):
        WORD2PDF.to_pdf(with_relation("image", "http://127.0.0.1:9/x.png"))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0), "duurde te lang"),
        (Limits(memory_bytes=30 * MEGABYTE), "kan niet naar PDF"),
    ],
)
def test_a_conversion_beyond_its_limits_is_refused(limits: Limits, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Converter(libreoffice=None, limits=limits).to_pdf(word("Een alinea."))

    assert reason in str(refused.value)


def test_a_program_that_is_not_there_is_refused_in_dutch() -> None:
    with pytest.raises(RefusedError):
        Converter(libreoffice="/nergens/soffice").to_pdf(word("Een alinea."))
