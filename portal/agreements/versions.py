"""Versions of an agreement, and what was said about them."""

from sqlalchemy import select

from portal.agreements.models import Agreement, AgreementVersion, VersionComment
from portal.core.db import db
from portal.core.errors import NotFoundError


def numbered(agreement: Agreement, number: int) -> AgreementVersion:
    """Return a version by its number. Raises NotFoundError."""
    for found in agreement.versions:
        if found.number == number:
            return found
    raise NotFoundError()


def newest(agreement: Agreement) -> AgreementVersion:
    """Return the newest version. Raises NotFoundError before the first proposal."""
    if agreement.latest is None:
        raise NotFoundError()
    return agreement.latest


def comments_on(found: AgreementVersion) -> list[VersionComment]:
    """Return the comments on a version, the first one first."""
    rows = db.session.scalars(
        select(VersionComment)
        .where(VersionComment.version_id == found.id)
        .order_by(VersionComment.id)
    )
    return list(rows)
