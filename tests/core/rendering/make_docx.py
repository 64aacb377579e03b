"""Builders of Word files, sound and unsound: a sound one is made, then one thing is done to it."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import docx

PARTS = dict[str, bytes]
RELS = "word/_rels/document.xml.rels"
DOCUMENT = "word/document.xml"
TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(
    *paragraphs: str, rows: Sequence[Sequence[str]] = (), header: str = "", footer: str = ""
) -> bytes:
    """Return a Word file with these paragraphs, and a table of these rows."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for cells in rows:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    return saved(document)


def bare(paragraphs: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return the least a Word file can be, with this text: for tests that make hundreds."""
    lines = "".join(_paragraph(text) for text in paragraphs)
    cells = ("".join(f"<w:tc>{_paragraph(text)}</w:tc>" for text in row) for row in rows)
    table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{table}</w:tbl><w:p/>" if table else ""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body>{lines}{table}<w:sectPr/></w:body></w:document>"
    return packed({TYPES: b"<Types/>", DOCUMENT: body.encode()})


def _paragraph(text: str) -> str:
    runs = (
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in text.split("\t")
    )
    return f"<w:p>{'<w:r><w:tab/></w:r>'.join(runs)}</w:p>"


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> PARTS:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: PARTS) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(change: Callable[[PARTS], Any], *paragraphs: str) -> bytes:
    """Return a sound file after one change to its parts."""
    parts = parts_of(word(*(paragraphs or ("Een gewone alinea.",))))
    change(parts)
    return packed(parts)


def with_part(name: str, data: bytes = b"x") -> bytes:
    return changed(lambda parts: parts.update({name: data}))


def with_body(xml: str) -> bytes:
    """Return a sound file with this XML as the last of its body."""

    def change(parts: PARTS) -> None:
        body = parts[DOCUMENT].decode()
        parts[DOCUMENT] = body.replace("<w:sectPr", xml + "<w:sectPr", 1).encode()

    return changed(change)


def with_relation(kind: str, target: str, *, external: bool = True) -> bytes:
    mode = ' TargetMode="External"' if external else ""

    def change(parts: PARTS) -> None:
        relation = f'<Relationship Id="rId99" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        rels = parts[RELS].decode().replace("</Relationships>", relation + "</Relationships>")
        parts[RELS] = rels.encode()

    return changed(change)


def with_field(instruction: str) -> bytes:
    """Return a sound file with a field, its instruction cut in two runs as Word does."""
    half = len(instruction) // 2

    def text(words: str) -> str:
        return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'

    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    cut = text(instruction[:half]) + text(instruction[half:])
    result = "<w:r><w:t>Klik hier</w:t></w:r>"
    return with_body(f"<w:p>{mark('begin')}{cut}{mark('separate')}{result}{mark('end')}</w:p>")


def with_xml(name: str, before: str, after: str) -> bytes:
    """Return a sound file with a text replaced in one of its parts."""

    def change(parts: PARTS) -> None:
        assert before in parts[name].decode()
        parts[name] = parts[name].decode().replace(before, after, 1).encode()

    return changed(change)


def bomb(megabytes: int = 100) -> bytes:
    return with_part("word/media/image1.png", b"\0" * (megabytes * 1024 * 1024))


def lying_about_size(stated: int) -> bytes:
    """Return a file whose directory says this of a part that unpacks to three million bytes."""
    data = bytearray(with_part("word/media/image1.png", b"A" * 3_000_000))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/media/image1.png"))
    data[at + 24 : at + 28] = stated.to_bytes(4, "little")
    return bytes(data)


def encrypted_part() -> bytes:
    data = bytearray(word("Tekst"))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def named_twice() -> bytes:
    out = io.BytesIO(word("Tekst"))
    with zipfile.ZipFile(out, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(DOCUMENT, b"<a/>")
    return out.getvalue()
