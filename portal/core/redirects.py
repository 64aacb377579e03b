"""Redirects stay inside the portal."""

from urllib.parse import urlsplit


def inside(target: str | None, default: str = "/") -> str:
    """Return the target if it is a plain path of this portal, else the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(c) < 32 or c == "\\" for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
