"""What was answered, as a branch may see it: with a name where agreed, else in sums of five.

Answers without a name are counted five at a time, so that no single one can be found by comparing
yesterday's sum with today's, or by taking away the ones with a name.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import audit
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals.models import Family, Referral
from portal.referrals.survey_questions import QUESTIONS, Audience
from portal.referrals.surveys import SurveyAnswer

FEWEST = 5


@dataclass(frozen=True)
class Mean:
    """The mean answer to one question, from 0 to 5 in tenths."""

    question: str
    tenths: int


@dataclass(frozen=True)
class Named:
    """An answer of somebody who agreed that the branch sees about which family it is."""

    reference: str
    month: date
    scores: list[tuple[str, int]]
    remark: str


@dataclass(frozen=True)
class Results:
    """The answers of referrers or parents. `number` and `means` are empty below five answers;
    `remarks`: of answers without a name, in an order that says nothing.
    """

    audience: Audience
    number: int
    means: list[Mean]
    remarks: list[str]
    named: list[Named]


def results(actor: Actor) -> list[Results]:
    """Return what a coordinator's branch may see; every named answer is noted as read.

    The caller commits before it shows anything.
    """
    return [_of(actor, audience) for audience in Audience]


def _of(actor: Actor, audience: Audience) -> Results:
    query = (
        select(SurveyAnswer, Referral)
        .outerjoin(Family, Family.id == SurveyAnswer.family_id)
        .outerjoin(Referral, Referral.id == Family.referral_id)
        .where(SurveyAnswer.branch_id == (actor.branch_id or 0), SurveyAnswer.audience == audience)
        .order_by(SurveyAnswer.id)
    )
    rows = db.session.execute(query).all()
    shown = [(a, r) for a, r in rows if r is not None and r.branch_id == actor.branch_id]
    unnamed = [answer for answer, referral in rows if referral is None]
    whole = unnamed[: len(unnamed) // FEWEST * FEWEST]
    counted = [*whole, *(answer for answer, _referral in shown)]
    for _answer, referral in shown:
        audit.record("referral:read_by_branch", referral, actor=actor, fields={"survey"})
    enough = len(counted) >= FEWEST
    return Results(
        audience,
        len(counted) if enough else 0,
        _means(counted, audience) if enough else [],
        sorted(answer.remark for answer in whole if answer.remark),
        [_named(answer, referral, audience) for answer, referral in reversed(shown)],
    )


def _means(answers: list[SurveyAnswer], audience: Audience) -> list[Mean]:
    return [
        Mean(text, round(sum(one.scores[code] for one in answers) * 10 / len(answers)))
        for code, text in QUESTIONS[audience].items()
    ]


def _named(answer: SurveyAnswer, referral: Referral, audience: Audience) -> Named:
    scores = [(text, answer.scores[code]) for code, text in QUESTIONS[audience].items()]
    return Named(referral.reference, answer.month, scores, answer.remark or "")
