"""What parents and referrers of the demonstration answered afterwards."""

from random import Random

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.directory.models import Branch
from portal.referrals.models import Family, Referral, Status
from portal.referrals.survey_questions import QUESTIONS, Audience
from portal.referrals.surveys import SurveyAnswer

UNNAMED = 10
REMARKS = ("Ik kijk er met een warm gevoel op terug.", "", "Jammer dat het een jaar is.", "", "")


def build(seed: int = 3) -> None:
    """Store answers for the first branch: most without a name, one with."""
    random = Random(seed)
    branch = db.session.scalars(select(Branch).order_by(Branch.id)).first()
    assert branch is not None
    for audience in Audience:
        for number in range(UNNAMED):
            _answer(random, branch, audience, REMARKS[number % len(REMARKS)])
    ended = (
        select(Family)
        .join(Referral)
        .where(Referral.branch_id == branch.id, Referral.status == Status.COMPLETED)
    )
    family = db.session.scalars(ended.order_by(Referral.id)).first()
    if family is not None:
        _answer(random, branch, Audience.PARENT, "Bedankt aan Home-Start!", family.id)


def _answer(
    random: Random, branch: Branch, audience: Audience, remark: str, family_id: int | None = None
) -> None:
    answer = SurveyAnswer(
        branch_id=branch.id,
        audience=audience,
        month=clock.today().replace(day=1),
        scores={code: random.choice((3, 4, 4, 5, 5)) for code in QUESTIONS[audience]},
        family_id=family_id,
    )
    answer.remark = remark
    db.session.add(answer)
