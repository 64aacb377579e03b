"""Fill the tables with the municipalities and local governments that ship with the portal."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import new_id
from portal.directory.folding import fold
from portal.directory.gazetteer import Place, local_governments, places
from portal.directory.kinds import Source
from portal.directory.models import SORTED, Municipality, MunicipalityPostcode, Organisation


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added or changed; all zero when there was nothing to do."""

    municipalities: int
    postcodes: int
    organisations: int


def load_reference(session: Session) -> Loaded:
    """Bring municipalities, postcodes and local governments up to the files of this release.

    Safe to run again. Municipalities follow the files exactly; an organisation that staff have
    corrected is theirs and stays as it is. The caller commits.
    """
    return Loaded(
        municipalities=_load_municipalities(session),
        postcodes=_load_postcodes(session),
        organisations=_load_organisations(session),
    )


def _load_municipalities(session: Session) -> int:
    columns = [c for c in Municipality.__table__.columns if c.name != "nis"]
    table = Municipality.__table__
    known = {row.nis: row for row in session.execute(select(table))}
    wanted = {nis: _values(place) for nis, place in places().items()}
    missing = [{"nis": nis, **values} for nis, values in wanted.items() if nis not in known]
    changed = [
        {"nis": nis, **values}
        for nis, values in wanted.items()
        if nis in known and any(getattr(known[nis], c.name) != values[c.name] for c in columns)
    ]
    if missing:
        session.execute(insert(Municipality), missing)
    if changed:
        session.execute(update(Municipality), changed)
    return len(missing) + len(changed)


def _values(place: Place) -> dict[str, Any]:
    values = asdict(place)
    del values["nis"], values["postcodes"]
    pairs = values["predecessors"]
    values["predecessors"] = [{"nis": nis, "name": name} for nis, name in pairs]
    return {**values, "sort_name": fold(place.name)[:SORTED]}


def _load_postcodes(session: Session) -> int:
    wanted = {(code, place.nis) for place in places().values() for code in place.postcodes}
    pairs = select(MunicipalityPostcode.postcode, MunicipalityPostcode.nis)
    known = {(code, nis) for code, nis in session.execute(pairs)}
    for code, nis in known - wanted:
        row = MunicipalityPostcode
        session.execute(delete(row).where(row.postcode == code, row.nis == nis))
    missing = [{"postcode": code, "nis": nis} for code, nis in sorted(wanted - known)]
    if missing:
        session.execute(insert(MunicipalityPostcode), missing)
    return len(missing) + len(known - wanted)


def _load_organisations(session: Session) -> int:
    names = ("id", "lblod_uri", "source", "name", "kind", "kbo", "ovo", "nis")
    rows = list(session.execute(select(*(getattr(Organisation, name) for name in names))))
    by_uri = {row.lblod_uri: row for row in rows if row.lblod_uri}
    taken = {row.kbo for row in rows if row.kbo}
    missing, changed = [], []
    for government in local_governments():
        values = asdict(government)
        known = by_uri.get(government.lblod_uri)
        if known is None:
            if government.kbo not in taken:  # else staff entered it before it was shipped
                missing.append({"id": new_id(), **values, **_beginning(government.name)})
        elif known.source == Source.REFERENCE and any(
            getattr(known, name) != values[name] for name in names[3:]
        ):
            changed.append({"key": known.id, **values, "sort_name": fold(government.name)[:SORTED]})
    if missing:
        session.execute(insert(Organisation), missing)
    _rewrite(session, changed)
    return len(missing) + len(changed)


def _beginning(name: str) -> dict[str, Any]:
    return {
        "sort_name": fold(name)[:SORTED],
        "source": Source.REFERENCE,
        "created_at": clock.now(),
    }


def _rewrite(session: Session, changed: list[dict[str, Any]]) -> None:
    if changed:
        table = Organisation.metadata.tables[Organisation.__tablename__]
        statement = update(table).where(table.c.id == bindparam("key"))
        statement = statement.values(version=table.c.version + 1)
        session.connection().execute(statement, changed)
