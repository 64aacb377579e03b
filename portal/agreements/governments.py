"""Local governments, for somebody outside to pick theirs: public names, nothing else."""

from sqlalchemy import Select, select

from portal.core.db import db
from portal.directory.folding import fold
from portal.directory.kinds import LOCAL_GOVERNMENTS, Source
from portal.directory.models import Organisation

MOST = 10


def suggest(text: str) -> list[Organisation]:
    """Return the Flemish municipalities and OCMWs whose name holds every word typed."""
    words = fold(text[:80]).split()
    if not words:
        return []
    query = _public().where(*(Organisation.sort_name.contains(word) for word in words))
    return list(db.session.scalars(query.order_by(Organisation.sort_name).limit(MOST)))


def picked(name: str, organisation_id: str) -> Organisation | None:
    """Return the local government that was picked: by suggestion, or by its exact name.

    A suggestion whose name was typed over since counts no more.
    """
    query = _public().where(Organisation.sort_name == fold(name))
    found = db.session.scalars(query.limit(2)).all()
    for one in found:
        if str(one.id) == organisation_id:
            return one
    return found[0] if len(found) == 1 else None


def _public() -> Select[Organisation]:
    return select(Organisation).where(
        Organisation.kind.in_(LOCAL_GOVERNMENTS),
        Organisation.source == Source.REFERENCE,
        Organisation.active,
    )
