"""Legal grounds as dated data: which law may be named on which day, and where that was read."""

import csv
from datetime import date
from importlib.resources import files

from sqlalchemy import func, or_, select

from portal.agreements.models import LegalGround
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor

# What a ground is named for: the considerations of the agreement, or the draft decision of a body.
USES = {
    "considerations": N_("Overwegingen van de overeenkomst"),
    "council": N_("Ontwerpbesluit van de gemeenteraad"),
    "college": N_("Ontwerpbesluit van het college van burgemeester en schepenen"),
    "welfare_council": N_("Ontwerpbesluit van de raad voor maatschappelijk welzijn"),
    "permanent_bureau": N_("Ontwerpbesluit van het vast bureau"),
    "vgc_college": N_("Ontwerpbesluit van het College van de VGC"),
}


def grounds_on(use: str, on: date) -> list[LegalGround]:
    """Return the grounds that may be named for a use on a day, in their order."""
    query = (
        select(LegalGround)
        .where(LegalGround.use == use, LegalGround.from_on <= on)
        .where(or_(LegalGround.to_on.is_(None), LegalGround.to_on >= on))
        .order_by(LegalGround.position, LegalGround.id)
    )
    return list(db.session.scalars(query))


def all_grounds() -> list[LegalGround]:
    """Return every ground, those that were included, by use and order."""
    query = select(LegalGround).order_by(LegalGround.use, LegalGround.position, LegalGround.id)
    return list(db.session.scalars(query))


def ground(ground_id: int) -> LegalGround:
    """Return one ground. Raises NotFoundError."""
    found = db.session.get(LegalGround, ground_id)
    if found is None:
        raise NotFoundError()
    return found


def add_ground(
    use: str, text: str, from_on: date, by: Actor, *, url: str = "", source: str = ""
) -> LegalGround:
    """Add a ground at the end of its list. Raises DomainError when it stands there already."""
    same = select(LegalGround.id).where(
        LegalGround.use == use, LegalGround.text == text, LegalGround.to_on.is_(None)
    )
    if db.session.scalar(same) is not None:
        raise DomainError(N_("Deze rechtsgrond staat al in de lijst."), "text")
    last = select(func.max(LegalGround.position)).where(LegalGround.use == use)
    added = LegalGround(
        use=use,
        text=text,
        url=url,
        source=source,
        from_on=from_on,
        position=(db.session.scalar(last) or 0) + 1,
        recorded_by_id=by.account_id,
        recorded_at=clock.now(),
    )
    db.session.add(added)
    db.session.flush()
    audit.record("legal_ground:add", added, actor=by)
    return added


def end_ground(found: LegalGround, to_on: date, by: Actor) -> None:
    """Set the last day a ground may be named. What was agreed before keeps it."""
    if to_on < found.from_on:
        raise DomainError(N_("De laatste dag ligt voor de eerste dag."), "to_on")
    found.to_on = to_on
    audit.record("legal_ground:end", found, actor=by, fields={"to_on"})
    db.session.flush()


def load_first_grounds() -> bool:
    """Load the grounds shipped with the portal, when there are none yet. Says whether it did."""
    if db.session.scalar(select(func.count()).select_from(LegalGround)):
        return False
    path = files("portal.agreements").joinpath("data", "rechtsgronden.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    now = clock.now()
    for position, row in enumerate(rows, 1):
        db.session.add(
            LegalGround(
                use=row["gebruik"],
                text=row["tekst"],
                url=row["adres"],
                source=row["bron"],
                from_on=date.fromisoformat(row["vanaf"]),
                position=position,
                recorded_at=now,
            )
        )
    db.session.flush()
    return True
