"""Files that may not come in: each is refused within a second, in Dutch, saying where."""

import time

import pytest

from portal.core.rendering import inspect_docx, inspect_template
from tests.core.rendering.make_docx import (
    DOCUMENT,
    TYPES,
    bomb,
    changed,
    encrypted_part,
    lying_about_size,
    named_twice,
    packed,
    parts_of,
    with_body,
    with_field,
    with_part,
    with_relation,
    with_xml,
    word,
)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_RUN = "<w:r><w:t>tien</w:t></w:r>"
_MARK = 'w:id="1" w:author="x" w:date="2026-01-01T00:00:00Z"'


def _main_type(kind: str) -> bytes:
    plain = "wordprocessingml.document.main+xml"
    return with_xml(
        TYPES, f"application/vnd.openxmlformats-officedocument.{plain}", f"application/{kind}"
    )


def _utf16() -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        parts[DOCUMENT] = parts[DOCUMENT].decode().replace("UTF-8", "UTF-16").encode("utf-16")

    return changed(change)


def _without(*names: str) -> bytes:
    parts = parts_of(word("Tekst"))
    return packed({k: v for k, v in parts.items() if k not in names})


BAD_FILES = {
    "empty": (b"", "leeg"),
    "text": (b"Dit is gewone tekst", "geen Word-document"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "wachtwoord"),
    "pdf": (b"%PDF-1.7\n", "geen Word-document"),
    "html": (b"<html><body>PK</body></html>", "geen Word-document"),
    "rtf": (rb"{\rtf1\ansi tekst}", "geen Word-document"),
    "too large": (b"PK\x03\x04" + b"\0" * 11_000_000, "10 MB"),
    "cut off": (word("Tekst")[:-200], "beschadigd"),
    "bytes flipped": (word("Tekst").replace(b"\x00\x00", b"\xff\xfe"), ""),
    "spreadsheet": (packed({TYPES: b"<a/>", "xl/workbook.xml": b"<a/>"}), "geen Word-document"),
    "no content types": (_without(TYPES), "geen Word-document"),
    "no document": (_without(DOCUMENT), "geen Word-document"),
    "bomb": (bomb(), "veel te groot"),
    "size understated": (lying_about_size(10), "beschadigd"),
    "size overstated": (lying_about_size(3_500_000), ""),
    "thousands of parts": (
        changed(lambda parts: parts.update({f"word/media/{n}.png": b"" for n in range(600)})),
        "te veel onderdelen",
    ),
    "encrypted part": (encrypted_part(), "versleuteld"),
    "named twice": (named_twice(), "twee keer"),
    "path upwards": (with_part("../../etc/passwd"), "naam"),
    "absolute path": (with_part("/etc/passwd"), "naam"),
    "backslashes": (with_part("word\\..\\..\\x"), "naam"),
    "macro project": (with_part("word/vbaProject.bin"), "macro"),
    "docm renamed": (_main_type("vnd.ms-word.document.macroEnabled.main+xml"), "macro"),
    "activex": (with_part("word/activeX/activeX1.xml", b"<a/>"), "macro"),
    "ole object": (with_part("word/embeddings/oleObject1.bin"), "macro"),
    "program": (with_part("word/media/image1.png", b"MZ\x90\0"), "programma"),
    "script": (with_part("word/run.vbs"), "programma"),
    "svg": (with_part("word/media/image1.svg", b"<svg/>"), "PNG"),
    "external image": (with_relation("image", "http://127.0.0.1:9/x.png"), "buiten het bestand"),
    "template from a share": (
        with_relation("attachedTemplate", "file://server/share/x.dotm"),
        "buiten het bestand",
    ),
    "unc path": (with_relation("image", "\\\\server\\share\\x.png"), "buiten het bestand"),
    "external ole": (with_relation("oleObject", "http://127.0.0.1:9/x"), "buiten het bestand"),
    "link that runs": (with_relation("hyperlink", "javascript:alert(1)"), "buiten het bestand"),
    "link to a file": (with_relation("hyperlink", "file:///etc/passwd"), "buiten het bestand"),
    "attached template": (
        with_relation("attachedTemplate", "x.dotx", external=False),
        "ander bestand",
    ),
    "dde": (with_field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "), "Het veld DDEAUTO"),
    "include picture": (with_field(' INCLUDEPICTURE "http://127.0.0.1:9/x" '), "INCLUDEPICTURE"),
    "include text": (with_field(' INCLUDETEXT "file:///etc/passwd" '), "INCLUDETEXT"),
    "linked object": (with_field(" LINK Excel.Sheet x.xlsx "), "Het veld LINK"),
    "macro button": (with_field(" MACROBUTTON Run klik "), "MACROBUTTON"),
    "name made of fields": (with_field(" QUOTE 68 68 69 "), "Het veld QUOTE"),
    "link field to a share": (with_field(' HYPERLINK "\\\\server\\x" '), "Het veld HYPERLINK"),
    "simple field": (
        with_body('<w:p><w:fldSimple w:instr="DATABASE x"><w:r/></w:fldSimple></w:p>'),
        "DATABASE",
    ),
    "other file": (with_body('<w:altChunk r:id="rId9"/>'), "ander bestand"),
    "html part": (with_part("word/afchunk.html", b"<html/>"), "macro of programma"),
    "object in the text": (with_body("<w:p><w:r><w:object/></w:r></w:p>"), "object"),
    "dtd": (
        with_xml(DOCUMENT, _HEAD, _HEAD + '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d">'),
        "DTD",
    ),
    "billion laughs": (with_xml(DOCUMENT, _HEAD, _HEAD + _BILLION), "DTD"),
    "broken xml": (with_xml(DOCUMENT, "</w:body>", "</w:bodi>"), "geldige XML"),
    "nested too deep": (with_body("<w:p>" * 400 + "</w:p>" * 400), "geldige XML"),
    "other root": (changed(lambda parts: parts.update({DOCUMENT: b"<html/>"})), "Word-document"),
    "utf-16": (_utf16(), "UTF-8"),
    "endless": (with_body("<w:p/>" * 20_001), "te veel alinea's"),
    "inserted text": (
        with_body(f"<w:p><w:r><w:t>Artikel</w:t></w:r><w:ins {_MARK}>{_RUN}</w:ins></w:p>"),
        "“Artikeltien”: Hier staat nog een bijgehouden wijziging",
    ),
    "removed text": (
        with_body(f"<w:p><w:del {_MARK}><w:r><w:delText>elf</w:delText></w:r></w:del></w:p>"),
        "“elf”: Hier staat nog een bijgehouden wijziging",
    ),
    "changed form": (
        with_body(f"<w:p><w:r><w:rPr><w:rPrChange {_MARK}/></w:rPr><w:t>x</w:t></w:r></w:p>"),
        "bijgehouden wijziging",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_quickly_and_says_why(name: str) -> None:
    data, reason = BAD_FILES[name]

    began = time.process_time()
    problems = inspect_docx(data)

    assert problems
    assert reason in "\n".join(str(p) for p in problems)
    assert time.process_time() - began < 1


def test_there_are_more_than_forty_bad_files() -> None:
    assert len(BAD_FILES) >= 50


BAD_TEMPLATES = {
    "unknown field": ("Beste {{ partner.naam }}", "Het veld “partner.naam” bestaat niet"),
    "unknown field of an item": (
        "{% for p in partners %}{{ p.rekening }}{% endfor %}",
        "“p.rekening” bestaat niet",
    ),
    "loop over text": ("{% for x in titel %}{{ x }}{% endfor %}", "“titel” bestaat niet"),
    "brace missing": ("Beste {{ titel }, dag", "accolade"),
    "space in braces": ("Beste { { titel } }", "accolade"),
    "loop not closed": ("{% for p in partners %} {{ p.naam }}", "niet afgesloten"),
    "end without begin": ("Dag {% endif %}", "klopt niet"),
    "typing error": ("{{ titel titel }}", "klopt niet"),
    "unknown command": ("{% lus p in partners %}", "klopt niet"),
    "escape to python": ("{{ titel.__class__.__mro__ }}", "__mro__"),
    "call": ("{{ titel.upper() }}", "“call” mag niet"),
    "call of a name": ("{{ range(999999999) }}", "“call” mag niet"),
    "item by name": ("{{ titel['__class__'] }}", "“getitem” mag niet"),
    "attribute filter": ("{{ titel|attr('x') }}", "“attr” mag niet"),
    "map filter": ("{{ partners|map('x') }}", "“map” mag niet"),
    "assignment": ("{% set x = titel %}{{ x }}", "“assign” mag niet"),
    "include": ("{% include 'x' %}", "“include” mag niet"),
    "macro": ("{% macro m() %}x{% endmacro %}", "“macro” mag niet"),
    "multiplication": ("{{ 'a' * 999999999 }}", "“mul” mag niet"),
    "power": ("{{ 9 ** 9 ** 9 }}", "“pow” mag niet"),
    "raw": ("{% raw %}{{ x }}{% endraw %}", "“raw” mag niet"),
    "extends": ("{% extends 'x' %}", "“extends” mag niet"),
    "command among text": ("Tekst {%p if titel %} die verdwijnt", "alleen in haar alinea"),
    "row command outside a table": ("{%tr for p in partners %}", "niet afgesloten"),
}


@pytest.mark.parametrize("name", BAD_TEMPLATES)
def test_a_bad_template_is_refused_naming_the_paragraph(name: str) -> None:
    text, reason = BAD_TEMPLATES[name]

    problems = inspect_template(
        word("Een eerste alinea.", text, "Een laatste."), ["titel", "partners[].naam"]
    )

    assert reason in "\n".join(str(p) for p in problems)
    assert text[:20] in problems[0].place or "laatste" in problems[0].place


@pytest.mark.parametrize(
    "text", ["{{" * 300_000, "{% " * 300_000, "{{ titel }} " * 60_000, "{" * 600_000]
)
def test_a_template_made_to_keep_us_busy_does_not(text: str) -> None:
    data = word(text)
    began = time.process_time()

    inspect_template(data, ["titel"])

    assert time.process_time() - began < 1


def test_a_command_hidden_in_the_file_is_refused() -> None:
    hidden = with_body('<w:p><w:pPr><w:pStyle w:val="{{ titel }}"/></w:pPr></w:p>')

    assert "buiten de zichtbare tekst" in str(inspect_template(hidden, ["titel"])[0])


def test_a_row_command_does_not_swallow_other_cells() -> None:
    rows = [
        ["{%tr for p in partners %}", "verdwijnt"],
        ["{{ p.naam }}", ""],
        ["{%tr endfor %}", ""],
    ]

    problems = inspect_template(word("Tabel", rows=rows), ["partners[].naam"])

    assert ["alleen in haar rij" in str(p) for p in problems] == [True]


GOOD_TEMPLATES = (
    word("Beste {{ titel }}, {% if titel %}dag{% else %}nacht{% endif %}."),
    word("{%p for p in partners %}", "{{ loop.index }}. {{ p.naam }}", "{%p endfor %}"),
    word("{{ partners|length }} partners", "{{ titel|upper }}", "{# een noot #}"),
    word("{% for p in partners %}{{ p.naam }}{% if not loop.last %}, {% endif %}{% endfor %}"),
    word("{% if titel == 'x' and not partners %}ja{% endif %}", header="{{ titel }}"),
    word(
        "Tabel",
        rows=[["{%tr for p in partners %}", ""], ["{{ p.naam }}", "x"], ["{%tr endfor %}", ""]],
    ),
    word("Accolades: {a}, tien procent %, ampersand & en <haken>", "“{{ titel }}”"),
)


@pytest.mark.parametrize("template", GOOD_TEMPLATES)
def test_a_good_template_is_accepted(template: bytes) -> None:
    assert inspect_template(template, ["titel", "partners[].naam"]) == []


GOOD_FILES = (
    word("Een gewone alinea.", header="Kop", footer="Voet"),
    word("Tabel", rows=[["a", "b"], ["c", "d"]]),
    with_field(" PAGE "),
    with_field(' HYPERLINK "https://www.vlaanderen.be" '),
    with_field(" HYPERLINK \\l bladwijzer "),
    with_field(' TOC \\o "1-3" \\h '),
    with_relation("hyperlink", "https://www.vlaanderen.be/een-link"),
    with_relation("hyperlink", "mailto:iemand@partner.portal.test"),
    with_part("word/media/image1.png", b"\x89PNG"),
)


@pytest.mark.parametrize("data", GOOD_FILES)
def test_an_ordinary_file_comes_in(data: bytes) -> None:
    assert inspect_docx(data) == []


def test_a_counter_proposal_may_carry_its_changes() -> None:
    tracked = BAD_FILES["inserted text"][0]

    assert inspect_docx(tracked, revisions_allowed=True) == []
