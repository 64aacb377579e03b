"""What is sealed opens in its own place only, with keys that can be replaced."""

import base64
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.core import crypto
from portal.core.crypto import DecryptionError, Encrypted, EncryptedColumns, Keyring, keyring

KEYS = {1: b"1" * 32, 2: b"2" * 32}
OLD, NEW = Keyring({1: KEYS[1]}), Keyring(KEYS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class ToyBase(DeclarativeBase):
    pass


class Family(EncryptedColumns, ToyBase):
    __tablename__ = "toy_family"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Encrypted[Any]()
    street = Encrypted[Any]()


class Neighbour(EncryptedColumns, ToyBase):
    __tablename__ = "toy_neighbour"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Encrypted[Any]()


@pytest.fixture
def tables(session: Session) -> Session:
    ToyBase.metadata.create_all(session.connection())
    return session


def family(row_id: int, name: Any = None, street: Any = None) -> Family:
    row = Family(id=row_id)
    row.name, row.street = name, street
    return row


@given(JSON)
def test_any_value_comes_back_as_it_was(ring: None, value: Any) -> None:
    assert family(1, value).name == (value if value != "" else None)


@pytest.fixture(scope="module")
def ring(shared_app: Flask) -> None:
    """The keys of the app, for tests that need no more of it."""


@given(st.binary(), st.text(), st.text())
def test_what_is_sealed_opens_in_its_own_place_only(data: bytes, place: str, other: str) -> None:
    sealed = OLD.seal(data, place)
    assert OLD.open(sealed, place) == data
    if other != place:
        with pytest.raises(DecryptionError):
            OLD.open(sealed, other)


@given(st.binary(min_size=1), st.data())
def test_one_bit_more_or_less_is_refused(data: bytes, choice: st.DataObject) -> None:
    sealed = bytearray(OLD.seal(data, "place"))
    at = choice.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << choice.draw(st.integers(0, 7))
    with pytest.raises(DecryptionError):
        OLD.open(bytes(sealed), "place")


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_are_refused(data: bytes) -> None:
    with pytest.raises(DecryptionError):
        NEW.open(data, "place")


def test_the_same_value_never_looks_the_same() -> None:
    assert len({OLD.seal(b"Peeters", "place") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (("toy_family", "name", 1), ("toy_family", "name", 2)),
        (("toy_family", "name", 1), ("toy_family", "street", 1)),
        (("toy_family", "name", 1), ("toy_neighbour", "name", 1)),
    ],
)
def test_a_value_put_in_another_row_column_or_table_does_not_open(
    tables: Session, source: tuple[str, str, int], target: tuple[str, str, int]
) -> None:
    tables.add_all([family(1, "Peeters", "Dorpsstraat"), family(2, "Janssens", "Kerkstraat")])
    neighbour = Neighbour(id=1)
    neighbour.name = "Maes"
    tables.add(neighbour)
    tables.flush()
    taken = tables.scalar(
        text(f"select {source[1]}_encrypted from {source[0]} where id = {source[2]}")
    )
    change = f"update {target[0]} set {target[1]}_encrypted = :taken where id = {target[2]}"
    tables.execute(text(change), {"taken": taken})
    tables.expire_all()
    model = Neighbour if target[0] == "toy_neighbour" else Family
    row = tables.get_one(model, target[2])
    with pytest.raises(DecryptionError):
        getattr(row, target[1])


def test_the_database_holds_nothing_that_can_be_read(tables: Session) -> None:
    tables.add(family(1, "Canarini", ["Zoë", {"straat": "Dorpsstraat 12"}]))
    tables.flush()
    raw = b"".join(bytes(v) for v in tables.execute(text("select * from toy_family")).one()[1:])
    for word in ("Canarini", "Zoë", "Dorpsstraat"):
        assert word.encode() not in raw


def test_an_empty_value_is_no_value(tables: Session) -> None:
    tables.add(family(1, "", None))
    tables.flush()
    assert tables.execute(text("select * from toy_family")).one() == (1, None, None)
    assert tables.get_one(Family, 1).name is None


def test_a_row_without_an_id_cannot_be_sealed() -> None:
    row = Family()
    with pytest.raises(ValueError, match="id"):
        row.name = "Peeters"


def test_a_column_selected_without_its_row_opens_too(tables: Session) -> None:
    tables.add(family(7, "Peeters"))
    tables.flush()
    sealed = tables.scalar(text("select name_encrypted from toy_family"))
    assert Encrypted.opened(Family, "name", 7, sealed) == "Peeters"


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = OLD.seal(b"Peeters", "place")
    after = NEW.seal(b"Peeters", "place")
    assert NEW.open(before, "place") == NEW.open(after, "place") == b"Peeters"
    assert after[1] == 2
    with pytest.raises(DecryptionError):
        OLD.open(after, "place")


def test_searching_goes_on_after_a_new_key() -> None:
    assert OLD.index("an@ocmw.be", "account") == NEW.index("an@ocmw.be", "account")
    assert OLD.index("an@ocmw.be", "account") != OLD.index("an@ocmw.be", "other")
    assert len(OLD.index("x", "y")) == 16
    assert Keyring({1: b"3" * 32}).index("x", "y") != OLD.index("x", "y")


def test_a_rotated_row_no_longer_needs_the_old_key(tables: Session) -> None:
    at_first = keyring()
    try:
        crypto.configure(OLD)
        row = family(1, "Peeters")
        tables.add(row)
        tables.flush()
        crypto.configure(NEW)
        row.name = row.name
        tables.flush()
        crypto.configure(Keyring({2: KEYS[2]}))
        tables.expire_all()
        assert tables.get_one(Family, 1).name == "Peeters"
    finally:
        crypto.configure(at_first)


def test_keys_are_read_from_one_line() -> None:
    line = ",".join(f"{i}:{base64.b64encode(k).decode()}" for i, k in KEYS.items())
    ring = Keyring.parse(line)
    assert ring.active_id == 2
    assert ring.open(OLD.seal(b"x", "place"), "place") == b"x"


@pytest.mark.parametrize(
    "line",
    ["", "x", "1:", "1:eA==", "0:" + base64.b64encode(b"1" * 32).decode(), "256:x", "1:!!", "a:b"],
)
def test_a_line_that_holds_no_keys_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the settings name the variable
        Keyring.parse(line)


def test_without_keys_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_ring", None)
    with pytest.raises(RuntimeError, match="no encryption keys"):
        keyring()


def test_a_change_is_seen_by_the_database(tables: Session) -> None:
    row = family(1, "Peeters")
    tables.add(row)
    tables.flush()
    row.name = "Janssens"
    tables.flush()
    tables.execute(update(Family).values(street_encrypted=None))
    tables.expire_all()
    assert tables.get_one(Family, 1).name == "Janssens"
