"""What may come in as a file: a PDF, a picture or a Word document, and nothing that acts.

The content decides what a file is; its name and what the browser says of it count for nothing.
Nothing here is opened by a program: a file is walked through as bytes, within limits, and refused
with a reason a person can act on. It leaves the portal as a download only.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from portal.core import documents, photos
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.rendering import inspect_docx
from portal.core.rendering.package import read as read_package

MAX_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS = {PDF: "pdf", PNG: "png", JPEG: "jpg", WORD: "docx"}

# A family's photo must not tell where it was taken.
_WITHOUT_TRACES = {PNG: photos.plain_png, JPEG: photos.plain_jpeg}

TOO_LARGE = N_("Het bestand is groter dan 10 MB.")
EMPTY = N_("Het bestand is leeg.")
UNKNOWN = N_(
    "Dit soort bestand nemen we niet aan. Kies een PDF, een foto (JPG of PNG) of Word (.docx)."
)
DAMAGED = N_("Het bestand is beschadigd. Bewaar het opnieuw en probeer nog eens.")
TWO_IN_ONE = N_(
    "In dit bestand zit nog een ander bestand verstopt. Bewaar het opnieuw als PDF of foto."
)
VIRUS = N_("Dit bestand is herkend als kwaadaardig.")
ACTIVE = N_(
    "Deze PDF bevat een script, een bijgevoegd bestand of een knop die iets uitvoert. Druk ze "
    "opnieuw af naar PDF en probeer nog eens."
)
LOCKED = N_("Deze PDF is beveiligd. Bewaar ze zonder wachtwoord of beveiliging.")
HUGE_PICTURE = N_("Deze foto is te groot om te bekijken. Maak ze kleiner.")

MOST_PIXELS = 100_000_000
MOST_UNPACKED = 50 * 1024 * 1024
# The test file of the antivirus industry, in two parts so that this source is not one.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
_PAGE = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?php|iframe|body)\b", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_PROGRAM = (b"MZ\x90\x00", b"\x7fELF", b"#!/")
# What Windows takes for a device, whatever follows the dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file that may come in: its bytes, what they are, and the name it is kept under."""

    data: bytes
    media_type: str
    filename: str


def accept(data: bytes, filename: str, field: str = "file") -> Upload:
    """Return the file as it may be kept. Raises DomainError on `field` with why it is refused."""
    try:
        media_type = _inspected(data)
    except _RefusedError as refused:
        raise DomainError(refused.message, field, **refused.values) from None
    plain = _WITHOUT_TRACES.get(media_type, bytes)(data)
    return Upload(plain, media_type, _named(filename, media_type))


class _RefusedError(Exception):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def _inspected(data: bytes) -> str:
    if not data:
        raise _RefusedError(EMPTY)
    if len(data) > MAX_BYTES:
        raise _RefusedError(TOO_LARGE)
    if _EICAR in data:
        raise _RefusedError(VIRUS)
    for head, media_type, check in _KINDS:
        if data.startswith(head):
            check(data)
            return media_type
    raise _RefusedError(UNKNOWN)


def _named(filename: str, media_type: str) -> str:
    """Return the name a person gave, with the extension its content has."""
    name = documents.plain_filename(filename)
    known = {".pdf", ".png", ".jpg", ".jpeg", ".docx"}
    path = PurePosixPath(name)
    stem = path.stem if path.suffix.lower() in known else name
    if _DEVICES.fullmatch(stem) or not stem.strip(". "):
        stem = f"bestand-{stem}".rstrip("-. ")
    return documents.plain_filename(f"{stem}.{EXTENSIONS[media_type]}")


# PDF

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|RichMedia|EmbeddedFiles?|XFA|SubmitForm|ImportData|GoToR|GoToE"
    rb"|Rendition|Movie|Sound|3D|AA)(?![A-Za-z0-9])"
)
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")


def _check_pdf(data: bytes) -> None:
    tail = data.rfind(b"%%EOF")
    if tail < 0 or b"startxref" not in data:
        raise _RefusedError(DAMAGED)
    if data[tail + 5 :].strip(b"\r\n\t \x00") or _ZIP_END in data[-70_000:]:
        raise _RefusedError(TWO_IN_ONE)
    if _PAGE.search(data[:1024]):
        raise _RefusedError(TWO_IN_ONE)
    bones = _plain_names(_STREAM.sub(b" ", data))
    if re.search(rb"/Encrypt(?![A-Za-z])", bones):
        raise _RefusedError(LOCKED)
    if _ACTS.search(bones) or any(_ACTS.search(one) for one in _packed_objects(data)):
        raise _RefusedError(ACTIVE)


def _plain_names(data: bytes) -> bytes:
    """Return PDF with its names as they are meant: /J#53 is /JS."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _packed_objects(data: bytes) -> list[bytes]:
    """Return the objects kept in compressed streams, where actions could hide."""
    found, room = [], MOST_UNPACKED
    for match in _STREAM.finditer(data):
        begin = data.rfind(b"obj", 0, match.start())
        described = _plain_names(data[max(begin, 0) : match.start()])
        if b"/ObjStm" not in described:
            continue
        used = _FILTER.search(described)
        if used and used[1].strip(b"[] ") != b"/FlateDecode":
            raise _RefusedError(ACTIVE)
        content = _unpacked(match[1], room) if used else match[1]
        room -= len(content)
        found.append(_plain_names(content))
    return found


def _unpacked(data: bytes, room: int) -> bytes:
    machine = zlib.decompressobj()
    try:
        content = machine.decompress(data, room + 1)
    except zlib.error as error:
        raise _RefusedError(DAMAGED) from error
    if len(content) > room:
        raise _RefusedError(DAMAGED)
    return content


# Pictures


def _check_png(data: bytes) -> None:
    """Walk through the chunks; the last one must be the end of the file."""
    at, first = 8, True
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        content = data[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(data) or first != (kind == b"IHDR"):
            raise _RefusedError(DAMAGED)
        if zlib.crc32(kind + content) != struct.unpack(">I", data[end - 4 : end])[0]:
            raise _RefusedError(DAMAGED)
        if first:
            _check_size(*struct.unpack(">II", content[:8]))
        elif kind != b"IDAT":
            _check_text(content)
        if kind == b"IEND":
            _check_rest(data[end:])
            return
        at, first = end, False
    raise _RefusedError(DAMAGED)


def _check_jpeg(data: bytes) -> None:
    """Walk through the segments up to the picture itself, then to its end."""
    at, sized = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise _RefusedError(DAMAGED)
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        content = data[at + 4 : at + 2 + length]
        if len(content) != length - 2:
            raise _RefusedError(DAMAGED)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _check_size(*struct.unpack(">HH", content[1:5])[::-1])
            sized = True
        elif 0xE0 <= marker <= 0xEF or marker == 0xFE:
            _check_text(content)
        at += 2 + length
        if marker == 0xDA:
            break
    last = data.rfind(b"\xff\xd9")
    if not sized or last < at:
        raise _RefusedError(DAMAGED)
    _check_rest(data[last + 2 :])
    if _ZIP_END in data[-70_000:]:
        raise _RefusedError(TWO_IN_ONE)


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise _RefusedError(DAMAGED)
    if width * height > MOST_PIXELS:
        raise _RefusedError(HUGE_PICTURE)


def _check_text(content: bytes) -> None:
    if _PAGE.search(content) or b"%PDF-" in content or any(p in content for p in _PROGRAM[1:]):
        raise _RefusedError(TWO_IN_ONE)


def _check_rest(rest: bytes) -> None:
    if rest.strip(b"\x00\r\n\t "):
        raise _RefusedError(TWO_IN_ONE)


# Word


def _check_word(data: bytes) -> None:
    end = data.rfind(_ZIP_END)
    if end < 0 or end + 22 != len(data):
        raise _RefusedError(DAMAGED if end < 0 else TWO_IN_ONE)
    problems = inspect_docx(data, revisions_allowed=True)
    if problems:
        why = "; ".join(str(one) for one in problems[:3])
        raise _RefusedError(N_("Dit Word-bestand nemen we niet aan. %(why)s"), why=why)
    if any(_EICAR in part for part in read_package(data).parts.values()):
        raise _RefusedError(VIRUS)


_KINDS = (
    (b"%PDF-", PDF, _check_pdf),
    (b"\x89PNG\r\n\x1a\n", PNG, _check_png),
    (b"\xff\xd8\xff", JPEG, _check_jpeg),
    (b"PK\x03\x04", WORD, _check_word),
)
