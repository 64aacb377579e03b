"""Open an Office file as the zip of XML parts it is, without believing what it says of itself."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from portal.core.i18n import N_
from portal.core.rendering.problems import Problem, RefusedError

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 10 * MEGABYTE
MAX_UNPACKED_BYTES = 60 * MEGABYTE
MAX_PARTS = 500
MAX_PART_RATIO = 200  # of a part over 1 MB; text of a contract packs about 15 to 1
MAX_XML_DEPTH = 200
DOCUMENT = "word/document.xml"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what a docx with a password is wrapped in
_ZIP = b"PK\x03\x04"
_DTD = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNSAFE_NAME = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")


@dataclass(frozen=True)
class Package:
    """The parts of a Word file by name, unpacked within limits."""

    parts: dict[str, bytes]

    @cached_property
    def trees(self) -> dict[str, etree._Element]:
        """Return every XML part, parsed; `read` made sure that they can be."""
        return {name: parse(data) for name, data in self.parts.items() if is_xml(name)}

    @property
    def body(self) -> etree._Element:
        """Return the w:body element."""
        found = self.trees[DOCUMENT].find(f"{W}body")
        if found is None:
            raise RefusedError([Problem(N_("Dit Word-document heeft geen inhoud."))])
        return found


def read(data: bytes) -> Package:
    """Return the parts of a Word file. Raises RefusedError for what is not a sound docx."""
    _check_outside(data)
    package = Package(_unzipped(data))
    if "[Content_Types].xml" not in package.parts or DOCUMENT not in package.parts:
        raise RefusedError([Problem(N_("Dit is geen Word-document (.docx)."))])
    _check_xml(package.parts)
    return package


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of any Office file by name, each XML part sound. Raises RefusedError."""
    parts = _unzipped(data)
    _check_xml(parts)
    return parts


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise RefusedError([Problem(N_("Het bestand is beschadigd en kan niet open."))]) from error


def _check_xml(parts: dict[str, bytes]) -> None:
    problems = [p for name, part in parts.items() if is_xml(name) for p in _xml(name, part)]
    if problems:
        raise RefusedError(problems)


def write(package: Package, changed: Iterable[str]) -> bytes:
    """Return the file again, with the trees of the parts named written anew."""
    anew = set(changed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package.parts.items():
            archive.writestr(name, _written(package.trees[name]) if name in anew else data)
    return out.getvalue()


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def is_xml(name: str) -> bool:
    """Say whether a part is XML by its name."""
    return name.lower().endswith((".xml", ".rels"))


def parse(data: bytes) -> etree._Element:
    """Return the root of an XML part. Resolves nothing, fetches nothing. Raises XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def _check_outside(data: bytes) -> None:
    if not data:
        raise RefusedError([Problem(N_("Het bestand is leeg."))])
    if len(data) > MAX_FILE_BYTES:
        raise RefusedError([Problem(N_("Het bestand is groter dan 10 MB."))])
    if data.startswith(_OLD_WORD):
        words = N_(
            "Het bestand heeft een wachtwoord of is een oud Word-bestand (.doc). "
            "Sla het op als gewoon Word-document (.docx)."
        )
        raise RefusedError([Problem(words)])
    if not data.startswith(_ZIP):
        raise RefusedError([Problem(N_("Dit is geen Word-document (.docx)."))])


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        raise RefusedError([Problem(N_("Het bestand bestaat uit te veel onderdelen."))])
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED_BYTES
    for info in infos:
        name = info.filename
        if info.flag_bits & 1:
            raise RefusedError([Problem(N_("Dit onderdeel is versleuteld."), name)])
        if _UNSAFE_NAME.search(info.orig_filename) or name in parts:
            words = N_("Dit onderdeel heeft een naam die niet mag of twee keer voorkomt.")
            raise RefusedError([Problem(words, name)])
        parts[name] = _unpack_part(archive, info, room)
        room -= len(parts[name])
    return parts


def _unpack_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """Return a part, counting what really comes out: the sizes a zip states may be lies."""
    bomb = RefusedError([Problem(N_("Dit onderdeel is uitgepakt veel te groot."), info.filename)])
    packed = max(info.compress_size, 1)
    limit = min(room, max(MEGABYTE, packed * MAX_PART_RATIO))
    if info.file_size > limit:
        raise bomb
    with archive.open(info) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise bomb
    if len(data) != info.file_size:
        words = N_("De grootte van dit onderdeel klopt niet met wat het bestand zegt.")
        raise RefusedError([Problem(words, info.filename)])
    return data


def _xml(name: str, data: bytes) -> list[Problem]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:64] or b"UTF-7" in data[:100]:
        return [Problem(N_("Dit onderdeel is niet in UTF-8 opgeslagen."), name)]
    if _DTD.search(data):
        return [Problem(N_("Dit onderdeel bevat een DTD of entiteiten; dat mag niet."), name)]
    try:
        root = parse(data)
    except etree.XMLSyntaxError:
        return [Problem(N_("Dit onderdeel is geen geldige XML."), name)]
    if name == DOCUMENT and root.tag != f"{W}document":
        return [Problem(N_("Dit is geen Word-document (.docx)."), name)]
    return []
