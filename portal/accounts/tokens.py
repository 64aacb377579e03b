"""Secrets that travel by mail or cookie; the database keeps only their digest."""

import hashlib
import secrets


def new_token() -> tuple[str, bytes]:
    """Return a secret of 256 random bits and the digest to store."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    """Return what the database keeps of a secret: 32 bytes. It is random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
