"""One-time form keys: a form sent twice does its work once.

A GET page renders `fresh()` in the hidden field `once` and writes nothing. The POST redeems the
key in the transaction of the work itself, so that a key is spent exactly when the work is
committed; whoever comes second is sent to where the first one went.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String, delete, update
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from portal.core import clock
from portal.core.crypto import keyring
from portal.core.db import Model, db, insert_if_absent
from portal.core.errors import AlreadyUsedError
from portal.core.i18n import N_

KEPT = timedelta(days=7)
NOT_CONTENT = frozenset({"csrf_token", "once"})


class FormKey(Model):
    """A key that was redeemed. `digest` is keyed: what was typed cannot be guessed from it."""

    __tablename__ = "form_key"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    result: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(index=True)


def fresh() -> str:
    """Return a new key for a form about to be shown."""
    return secrets.token_urlsafe(24)


def redeem(
    key: str | None,
    purpose: str,
    body: MultiDict[Any, Any] | Iterable[tuple[str, str]],
    *,
    account_id: int | None = None,
) -> str | None:
    """Spend a key in the transaction under way.

    `body` is the form as sent (`request.form`), `purpose` what the form does. Returns None to who
    comes first and must do the work; the path the first one was sent to, when the same person
    sent the same content before. Raises AlreadyUsedError for a key that came back with other
    content, from somebody else, or without its work being finished.
    """
    if key is None or not 20 <= len(key) <= 40:
        raise AlreadyUsedError(N_("Dit formulier kan niet meer verstuurd worden."))
    digest = _digest(purpose, body, account_id)
    if insert_if_absent(FormKey, key=key, digest=digest, created_at=clock.now()):
        return None
    first = db.session.get_one(FormKey, key, populate_existing=True)
    if first.digest != digest or first.result is None:
        raise AlreadyUsedError(N_("Dit formulier werd al verstuurd, met een andere inhoud."))
    return first.result


def finish(key: str, result: str) -> None:
    """Note where the person is sent (a path of the portal), for who sends the form again."""
    db.session.execute(update(FormKey).where(FormKey.key == key).values(result=result))


def purge() -> int:
    """Delete the keys older than seven days. Returns how many."""
    old = delete(FormKey).where(FormKey.created_at < clock.now() - KEPT).returning(FormKey.key)
    return len(db.session.scalars(old).all())


def _digest(
    purpose: str, body: MultiDict[Any, Any] | Iterable[tuple[str, str]], account_id: int | None
) -> bytes:
    pairs = body.items(multi=True) if isinstance(body, MultiDict) else body
    content = sorted(p for p in pairs if p[0] not in NOT_CONTENT)
    text = repr((account_id, content))
    return keyring().fingerprint(text.encode("utf-8", "surrogatepass"), f"form {purpose}")
