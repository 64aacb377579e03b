"""Encrypted columns: AES-GCM, bound to table, column and row; keys carry an id so they can rotate.

Stored form: one byte algorithm (1 = AES-256-GCM), one byte key id, 12 bytes nonce, ciphertext.
A value moved to another row, column or table does not decrypt.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, Generic, Self, TypeVar, cast, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.orm import mapped_column

T = TypeVar("T")
_ALGORITHM = 1


class DecryptionError(Exception):
    """The bytes are not what this key sealed for this place."""


class Keyring:
    """AES-256 keys by id; the highest id seals, all ids open."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(k) != 32 for k in keys.values()):
            raise ValueError("a keyring needs at least one key of 32 bytes")
        if any(not 0 < i < 256 for i in keys):
            raise ValueError("a key id is a number from 1 to 255")
        self._ciphers = {i: AESGCM(k) for i, k in keys.items()}
        self.active_id = max(keys)
        self.head = bytes((_ALGORITHM, self.active_id))  # how what it seals begins
        # The index key must outlive rotation, so it hangs on the oldest key.
        self._index_key = HKDF(SHA256(), 32, None, b"portal blind index").derive(keys[min(keys)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1:<base64>,2:<base64>`. Raises ValueError when malformed."""
        pairs = (part.split(":", 1) for part in text.split(",") if part.strip())
        return cls({int(i): base64.b64decode(k, validate=True) for i, k in pairs})

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for one place (`table|column|row`)."""
        nonce = secrets.token_bytes(12)
        cipher = self._ciphers[self.active_id]
        return self.head + nonce + cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for this place. Raises DecryptionError."""
        if len(sealed) < 30 or sealed[0] != _ALGORITHM or sealed[1] not in self._ciphers:
            raise DecryptionError(f"not sealed by a known key: {place}")
        try:
            return self._ciphers[sealed[1]].decrypt(sealed[2:14], sealed[14:], place.encode())
        except InvalidTag as error:
            raise DecryptionError(f"sealed for another place than {place}") from error

    def index(self, value: str, purpose: str) -> bytes:
        """Return 16 bytes that are equal for equal values, to search without decrypting."""
        return self.fingerprint(value.encode(), purpose)[:16]

    def fingerprint(self, content: bytes, purpose: str) -> bytes:
        """Return 32 bytes that are equal for equal content and say nothing without the key."""
        return hmac.digest(self._index_key, purpose.encode() + b"|" + content, "sha256")


_ring: Keyring | None = None


def configure(ring: Keyring) -> None:
    """Set the keys this process works with; done once at start."""
    global _ring  # noqa: PLW0603 - one process, one keyring
    _ring = ring


def keyring() -> Keyring:
    """Return the keys of this process. Raises RuntimeError before `configure`."""
    if _ring is None:
        raise RuntimeError("no encryption keys configured")
    return _ring


class Encrypted(Generic[T]):
    """A JSON value (text, list, mapping) kept in the column `<name>_encrypted`.

    Declared on a model that derives from EncryptedColumns: `first_name = Encrypted[str]()`.
    """

    name: str

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @staticmethod
    def opened(model: Any, name: str, row_id: int, sealed: bytes) -> Any:
        """Return the value of a sealed column that was selected without its row."""
        plain = keyring().open(bytes(sealed), f"{model.__tablename__}|{name}|{row_id}")
        return json.loads(plain)

    def place(self, row: Any) -> str:
        if row.id is None:
            raise ValueError(f"{self.name} needs the row's id before it can be sealed")
        return f"{row.__tablename__}|{self.name}|{row.id}"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> T: ...
    def __get__(self, row: Any, owner: type) -> Self | T:
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_encrypted")
        if sealed is None:
            return cast(T, None)
        return cast(T, json.loads(keyring().open(bytes(sealed), self.place(row))))

    def __set__(self, row: Any, value: T) -> None:
        empty = value is None or value == ""
        plain = None if empty else json.dumps(value, ensure_ascii=False).encode()
        sealed = None if plain is None else keyring().seal(plain, self.place(row))
        setattr(row, f"{self.name}_encrypted", sealed)


class EncryptedColumns:
    """Gives every Encrypted attribute of a model its binary column. Derive before Model."""

    def __init_subclass__(cls, **options: Any) -> None:
        for name, value in list(vars(cls).items()):
            if isinstance(value, Encrypted):
                column = mapped_column(f"{name}_encrypted", LargeBinary, nullable=True)
                setattr(cls, f"{name}_encrypted", column)
        super().__init_subclass__(**options)
