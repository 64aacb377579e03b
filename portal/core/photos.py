"""A photo without what a camera says of where, when and by whom it was taken.

Without decoding the picture: the segments and chunks that hold it are left out, all others stay
byte for byte. Of a JPEG only the way up is kept, which phones write there too.
"""

import struct
from collections.abc import Iterator

_START_OF_SCAN, _EXIF, _COMMENT = 0xDA, 0xE1, 0xFE
# JFIF (APP0), colour profile (APP2 that says so) and Adobe's colours (APP14) are the picture's own.
_KEPT_APPLICATIONS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_APPLICATIONS = range(0xE0, 0xF0)
_ORIENTATION = 0x0112
_KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"bKGD", b"pHYs", b"cICP", b"hIST", b"sPLT"}
)  # fmt: skip


def plain_png(data: bytes) -> bytes:
    """Return a PNG, known to be sound, with nothing but what makes up the picture."""
    kept = [data[:8]]
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if kind in _KEPT_CHUNKS:
            kept.append(data[at:end])
        at = end
        if kind == b"IEND":
            break
    return b"".join(kept)


def plain_jpeg(data: bytes) -> bytes:
    """Return a JPEG, known to be sound, with nothing but what makes up the picture."""
    kept, orientation, rest = [data[:2]], 1, 2
    for marker, segment, end in _segments(data):
        content = segment[4:]
        if marker == _EXIF and content.startswith(b"Exif\0\0"):
            orientation = _way_up(content[6:]) or orientation
        elif _is_of_the_picture(marker, content):
            kept.append(segment)
        rest = end
    if orientation != 1:
        first = 2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1
        kept.insert(first, _turned(orientation))
    return b"".join([*kept, data[rest:]])


def _is_of_the_picture(marker: int, content: bytes) -> bool:
    if marker == _COMMENT:
        return False
    own = _KEPT_APPLICATIONS.get(marker)
    return marker not in _APPLICATIONS if own is None else content.startswith(own)


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield marker, whole segment and where it ends, up to and with the start of the picture."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at:end], end
        if marker == _START_OF_SCAN:
            return
        at = end


def _way_up(tiff: bytes) -> int | None:
    """Return which way up the camera says the picture is, 1 to 8; None when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return None
    start = struct.unpack(order + "I", tiff[4:8])[0]
    if start + 2 > len(tiff):
        return None
    number = struct.unpack(order + "H", tiff[start : start + 2])[0]
    for at in range(start + 2, min(start + 2 + 12 * number, len(tiff) - 11), 12):
        tag, kind = struct.unpack(order + "HH", tiff[at : at + 4])
        if tag == _ORIENTATION and kind == 3:
            found = struct.unpack(order + "H", tiff[at + 8 : at + 10])[0]
            return found if 1 <= found <= 8 else None
    return None


def _turned(orientation: int) -> bytes:
    """Return the segment that says which way up, and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    content = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
