"""The goals a family chose: from the three groups of volunteer tasks, and in its own words.

Each choice is kept whole and never changed; the latest is what the family works on now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.choices import TASK_LABELS
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral
from portal.referrals.senders import names_of
from portal.referrals.steps import check_day, take


class Occasion(StrEnum):
    """When a family chose its goals."""

    INTAKE = "intake"
    LATER = "later"
    EVALUATION = "evaluation"


OCCASIONS = {
    Occasion.INTAKE: N_("Bij de intake of de kennismaking"),
    Occasion.LATER: N_("In de loop van het traject"),
    Occasion.EVALUATION: N_("Bij een evaluatie"),
}


class GoalChoice(EncryptedColumns, Identified, Model):
    """What a family chose on one day. It hangs on the sealed family and is erased with it.

    `tasks`: the codes of what it works on from then; `reached`: of what it no longer needs.
    """

    __tablename__ = "referral_goal_choice"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    chosen_on: Mapped[date] = mapped_column(Date)
    occasion: Mapped[Occasion] = mapped_column(text_enum(Occasion))
    tasks: Mapped[list[str]] = mapped_column(JSON)
    reached: Mapped[list[str]] = mapped_column(JSON)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    own_words = Encrypted[str]()


@dataclass(frozen=True)
class Chosen:
    """What the coordinator fills in with the family. A goal that is reached is no longer one."""

    on: date
    occasion: Occasion
    tasks: frozenset[str]
    reached: frozenset[str] = frozenset()
    own_words: str = ""


@dataclass(frozen=True)
class Shown:
    """A choice as the branch reads it; `new` and `left` compare it with the one before."""

    on: date
    who: str
    occasion: Occasion
    tasks: list[str]
    reached: list[str]
    own_words: str
    new: list[str]
    left: list[str]


def choose(actor: Actor, referral: Referral, chosen: Chosen) -> GoalChoice:
    """Keep what the family chose. Raises DomainError when nothing was chosen, or nothing new."""
    family = kept_family(referral)
    check_day(chosen.on, referral)
    before = latest(referral)
    tasks, reached = in_order(chosen.tasks - chosen.reached), in_order(chosen.reached)
    if not (tasks or reached or chosen.own_words):
        raise DomainError(
            N_("Kies minstens één doel, of schrijf het in de woorden van het gezin."), "upbringing"
        )
    if (
        before
        and not reached
        and (before.tasks, before.own_words or "")
        == (
            tasks,
            chosen.own_words,
        )
    ):
        raise DomainError(N_("Je hebt niets gewijzigd."))
    take(actor, referral, "choose_goals", {}, sealed={"goals"}, on=chosen.on)
    made = GoalChoice(
        referral_id=referral.id,
        family_id=family.id,
        chosen_on=chosen.on,
        occasion=chosen.occasion,
        tasks=tasks,
        reached=reached,
        account_id=actor.account_id,
        at=clock.now(),
    )
    made.own_words = chosen.own_words
    db.session.add(made)
    return made


def latest(referral: Referral) -> GoalChoice | None:
    """Return what the family works on now; None as long as nothing was chosen."""
    query = select(GoalChoice).where(GoalChoice.referral_id == referral.id)
    return db.session.scalar(query.order_by(GoalChoice.id.desc()).limit(1))


def proposal(referral: Referral) -> list[str]:
    """Return the codes to begin with: the latest choice, else what was hoped for at referral."""
    before = latest(referral)
    if before is not None:
        return before.tasks
    return [] if referral.family is None else in_order(referral.family.situation["tasks"])


def usual_occasion(referral: Referral) -> Occasion:
    """Return the occasion that is most likely now."""
    return Occasion.INTAKE if referral.started_on is None else Occasion.LATER


def history(referral: Referral) -> list[Shown]:
    """Return every choice, the latest first, in two queries."""
    query = select(GoalChoice).where(GoalChoice.referral_id == referral.id)
    found = list(db.session.scalars(query.order_by(GoalChoice.id)))
    names = names_of(one.account_id for one in found)
    before: set[str] = set()
    shown = []
    for one in found:
        now = set(one.tasks)
        new, left = in_order(now - before), in_order(before - now - set(one.reached))
        shown.append(
            Shown(
                one.chosen_on,
                names.get(one.account_id, ""),
                one.occasion,
                one.tasks,
                one.reached,
                one.own_words or "",
                new if before else [],
                left,
            )
        )
        before = now
    return shown[::-1]


def in_order(codes: Iterable[str]) -> list[str]:
    """Return the codes that are tasks, in the order of the three groups."""
    wanted = set(codes)
    return [code for code in TASK_LABELS if code in wanted]
