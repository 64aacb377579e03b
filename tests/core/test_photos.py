"""A photo keeps its picture and loses what the camera wrote of where and when."""

import io
import struct

import pytest
from PIL import Image

from portal.core import uploads
from portal.core.photos import plain_jpeg, plain_png
from tests.core.files import chunk, png

PLACE = b"51.0543 N 3.7174 E Kerkstraat 12"


def bare() -> bytes:
    """A real JPEG of 24 by 16, as it comes out of a drawing program."""
    picture = Image.new("RGB", (24, 16), (200, 40, 90))
    picture.putpixel((0, 0), (0, 0, 0))
    out = io.BytesIO()
    picture.save(out, "JPEG", comment=PLACE, icc_profile=b"a profile of colours")
    return out.getvalue()


def photo(orientation: int | None = None, big_endian: bool = True) -> bytes:
    """The same with a place in its Exif, XMP, Photoshop and second-picture segments."""
    data = bare()
    order = ">" if big_endian else "<"
    tags = [] if orientation is None else [(0x0112, 3, orientation)]
    tiff = (b"MM" if big_endian else b"II") + struct.pack(order + "HI", 42, 8)
    tiff += struct.pack(order + "H", len(tags))
    for tag, kind, value in tags:
        tiff += struct.pack(order + "HHIHH", tag, kind, 1, value, 0)
    tiff += struct.pack(order + "I", 0) + PLACE
    exif = b"Exif\0\0" + tiff
    more = b""
    for marker, content in ((0xE1, exif), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
                            (0xED, b"Photoshop 3.0\0" + PLACE), (0xE2, b"MPF\0" + PLACE)):  # fmt: skip
        more += b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content
    return data[:2] + more + data[2:]


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def test_nothing_of_the_place_is_left_and_no_pixel_changed() -> None:
    before = photo()
    after = plain_jpeg(before)
    assert PLACE in before
    assert PLACE not in after
    assert b"Exif" not in after
    assert pixels(after) == pixels(bare())
    assert Image.open(io.BytesIO(after)).info["icc_profile"] == b"a profile of colours"


@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
@pytest.mark.parametrize("big_endian", [True, False])
def test_a_photo_stays_the_right_way_up(orientation: int, big_endian: bool) -> None:
    after = plain_jpeg(photo(orientation, big_endian))
    kept = Image.open(io.BytesIO(after)).getexif()
    assert dict(kept) == {0x0112: orientation}
    assert PLACE not in after


@pytest.mark.parametrize("orientation", [0, 1, 9, None])
def test_a_way_up_that_says_nothing_is_not_kept(orientation: int | None) -> None:
    assert b"Exif" not in plain_jpeg(photo(orientation))


def test_a_png_loses_its_texts_and_keeps_its_picture() -> None:
    told = png(2, 2, chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", PLACE))
    after = plain_png(told)
    assert PLACE not in after
    assert after == png(2, 2)


def test_what_was_cleaned_is_still_taken_in_and_cleaned_once() -> None:
    for data in (photo(6), png(2, 2, chunk(b"iTXt", PLACE))):
        once = uploads.accept(data, "foto")
        assert PLACE not in once.data
        again = uploads.accept(once.data, "foto")
        assert again.data == once.data


@pytest.mark.parametrize("length", range(0, 40, 3))
def test_an_exif_that_breaks_off_is_left_out_and_stops_nothing(length: int) -> None:
    whole = b"MM" + struct.pack(">HIHHHIHH", 42, 8, 1, 0x0112, 3, 1, 6, 0)
    content = b"Exif\0\0" + whole[:length]
    broken = photo()
    segment = b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    assert pixels(plain_jpeg(broken[:2] + segment + broken[2:])) == pixels(bare())
