"""Finding a referral by its reference, or by the exact name, phone or e-mail of the family."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import audit
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals.listing import Line, for_actor, lines
from portal.referrals.marks import FamilyMark, Kind, mark, plain_phone
from portal.referrals.models import Family, Referral
from portal.referrals.reading import side
from portal.referrals.reference import read

MOST = 25
_NUMBER = frozenset("0123456789 +-./()")


@dataclass(frozen=True)
class Found:
    """What a search gives: the reference that was typed, or the referrals of this name."""

    reference: str = ""
    lines: tuple[Line, ...] = ()


def find(actor: Actor, text: str) -> Found:
    """Return what fits a text exactly, among what this person may see; notes that one searched.

    The trail holds by what was searched, never the text itself.
    """
    reference = read(text)
    if reference is not None:
        visible = select(Referral.reference).where(
            Referral.reference == reference, Referral.visible_to(actor)
        )
        return Found(reference=db.session.scalar(visible) or "")
    kinds = _kinds(text)
    fields = {str(kind) for kind in kinds}
    audit.record("referral:search", "referral", actor=actor, fields=fields, object_id="")
    marks = {(kind, mark(kind, text)) for kind in kinds}
    wanted = [m for _kind, m in marks if m is not None]
    matching = (
        select(Family)
        .join(FamilyMark, FamilyMark.family_id == Family.id)
        .join(Referral, Referral.id == Family.referral_id)
        .where(FamilyMark.kind.in_(kinds), FamilyMark.mark.in_(wanted), Referral.visible_to(actor))
        .distinct()
        .limit(MOST)
    )
    families = [one for one in db.session.scalars(matching) if _may_know(actor, one, kinds)]
    if not families:
        return Found()
    statement, listed = for_actor(actor)
    among = statement.where(Family.id.in_([one.id for one in families]))
    rows = db.session.execute(listed.everything(among, {})).all()
    return Found(lines=tuple(lines(rows)))


def _kinds(text: str) -> tuple[Kind, ...]:
    if "@" in text:
        return (Kind.EMAIL,)
    if set(text) <= _NUMBER and plain_phone(text):
        return (Kind.PHONE,)
    return (Kind.NAME, Kind.LAST_NAME)


def _may_know(actor: Actor, family: Family, kinds: tuple[Kind, ...]) -> bool:
    """A referrer does not learn, by searching, what was corrected since or taken back."""
    corrected = family.identity.get("corrected", ())
    if side(actor) == "branch":
        return True
    return family.referral.shared and not {str(kind) for kind in kinds} & set(corrected)
