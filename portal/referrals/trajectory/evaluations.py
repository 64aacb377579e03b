"""Evaluations with a family: when they are due, and the parents' own scores.

The scores follow Home-Start's outcome measures, mapped to the goals of Home-Start Vlaanderen: 0 is
"this does not work at all", 5 "this works very well", and the parents give them. A question that
was not asked, or that they rather not answer, is kept as that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, SmallInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from portal.core import clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.months import months_later
from portal.core.permissions import Actor
from portal.core.terms import months_in_force
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral, Status
from portal.referrals.steps import check_day, take
from portal.referrals.trajectory.dimensions import BEST, Dimension, Unanswered

START, BETWEEN, END = "start", "between", "end"
Answer = int | Unanswered


class Evaluation(EncryptedColumns, Identified, Model):
    """One evaluation. `moment`: `start`, `m3` for three months, `between` or `end`.

    It hangs on the sealed family and is erased with it. `replaced_at`: since when a corrected one
    stands in its place.
    """

    __tablename__ = "referral_evaluation"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    moment: Mapped[str] = mapped_column(String(10))
    on: Mapped[date] = mapped_column("on_date", Date)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    remarks = Encrypted[str]()
    scores: Mapped[list["EvaluationScore"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class EvaluationScore(Model):
    """What the parents answered on one dimension: a score from 0 to 5, or why there is none."""

    __tablename__ = "referral_evaluation_score"
    evaluation_id: Mapped[int] = mapped_column(
        ForeignKey("referral_evaluation.id", ondelete="CASCADE"), primary_key=True
    )
    dimension: Mapped[Dimension] = mapped_column(text_enum(Dimension), primary_key=True)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    unanswered: Mapped[Unanswered | None] = mapped_column(text_enum(Unanswered))
    __table_args__ = (
        CheckConstraint("(score IS NULL) <> (unanswered IS NULL)", name="score_or_why_not"),
        CheckConstraint(f"score BETWEEN 0 AND {BEST}", name="score_in_range"),
    )

    @property
    def answer(self) -> Answer:
        """The score, or why there is none."""
        if self.score is not None:
            return self.score
        assert self.unanswered is not None
        return self.unanswered


@dataclass(frozen=True)
class Told:
    """What is filled in with the parents."""

    moment: str
    on: date
    answers: Mapping[Dimension, Answer] = field(default_factory=dict)
    remarks: str = ""


def record(
    actor: Actor, referral: Referral, told: Told, corrects: Evaluation | None = None
) -> Evaluation:
    """Keep an evaluation, or put one right; the next one falls due. Raises DomainError."""
    family = kept_family(referral)
    check_day(told.on, referral)
    others = [one for one in _of_now(referral) if one is not corrects]
    _check(referral, told, others, anew=corrects is None)
    done = {*(one.moment for one in others), told.moment}
    action = "correct_evaluation" if corrects else "evaluate"
    due = {"evaluation_due_on": due_after(referral, done)}
    take(actor, referral, action, due, sealed={"scores", "remarks"}, on=told.on)
    if corrects is not None:
        corrects.replaced_at = clock.now()
    made = Evaluation(
        referral_id=referral.id,
        family_id=family.id,
        moment=told.moment,
        on=told.on,
        account_id=actor.account_id,
        at=clock.now(),
    )
    made.remarks = told.remarks
    made.scores = [_score(dimension, told.answers.get(dimension)) for dimension in Dimension]
    db.session.add(made)
    return made


def standing(referral: Referral) -> list[Evaluation]:
    """Return the evaluations that count, oldest first."""
    return [one for one in every(referral) if one.replaced_at is None]


def every(referral: Referral) -> list[Evaluation]:
    """Return the evaluations of a referral with their scores, corrected ones too, oldest first."""
    query = select(Evaluation).where(Evaluation.referral_id == referral.id)
    query = query.options(selectinload(Evaluation.scores))
    return list(db.session.scalars(query.order_by(Evaluation.on, Evaluation.id)))


def find(referral: Referral, evaluation_id: int) -> Evaluation:
    """Return an evaluation of this referral that still counts. Raises NotFoundError."""
    found = next((one for one in standing(referral) if one.id == evaluation_id), None)
    if found is None:
        raise NotFoundError
    return found


def moments(referral: Referral) -> list[str]:
    """Return the moments that may be chosen for a referral as it stands, in their order."""
    if referral.status == Status.COMPLETED:
        return [END]
    if referral.started_on is None:
        return [START]
    return [START, *map(code_of, months_of(referral.started_on)), BETWEEN, END]


def months_of(started_on: date) -> tuple[int, ...]:
    """Return after how many months a trajectory is evaluated: as was agreed when it began."""
    return months_in_force("EVALUATION_MONTHS", started_on)


def code_of(months: int) -> str:
    return f"m{months}"


def due_after(referral: Referral, done: Iterable[str] = ()) -> date | None:
    """Return when the next evaluation is due, once these moments are done; None for never more.

    Moments before the last one done are past: after six months nobody is asked how it was at three.
    """
    started_on = referral.started_on
    if referral.status == Status.COMPLETED:
        return None if END in done else referral.evaluation_due_on
    if started_on is None:
        return None
    known = months_of(started_on)
    latest = max((m for m in known if code_of(m) in done), default=0)
    following = [m for m in known if m > latest]
    return months_later(started_on, following[0]) if following else None


def moment_due(referral: Referral) -> str | None:
    """Return the moment that is due, or comes next: the latest that has passed, else the first."""
    due_on, started_on = referral.evaluation_due_on, referral.started_on
    if due_on is None or started_on is None:
        return None
    if referral.status == Status.COMPLETED:
        return END
    days = {m: months_later(started_on, m) for m in months_of(started_on)}
    waiting = [m for m, day in days.items() if day >= due_on]
    passed = [m for m in waiting if days[m] <= clock.today()]
    return code_of(passed[-1] if passed else waiting[0]) if waiting else None


def _of_now(referral: Referral) -> list[Evaluation]:
    """Return the evaluations that count since the trajectory began: another branch begins anew."""
    begun = referral.started_on
    found = standing(referral)
    return [one for one in found if begun is None or one.on >= begun or one.moment == START]


def _check(referral: Referral, told: Told, others: Iterable[Evaluation], *, anew: bool) -> None:
    if anew and told.moment not in moments(referral):
        raise DomainError(N_("Kies een van de momenten."), "moment")
    twice = told.moment != BETWEEN and any(one.moment == told.moment for one in others)
    if twice:
        raise DomainError(
            N_("Deze evaluatie is al genoteerd. Verbeter die, of kies een ander moment."), "moment"
        )
    asked = [a for a in told.answers.values() if a != Unanswered.NOT_ASKED]
    if not asked and not told.remarks:
        raise DomainError(N_("Noteer minstens één antwoord of een opmerking."), "remarks")


def _score(dimension: Dimension, answer: Answer | None) -> EvaluationScore:
    if isinstance(answer, int):
        return EvaluationScore(dimension=dimension, score=answer)
    return EvaluationScore(dimension=dimension, unanswered=answer or Unanswered.NOT_ASKED)
