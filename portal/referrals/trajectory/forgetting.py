"""What a trajectory tells of a family goes when the family no longer lets its situation be kept."""

from sqlalchemy import delete

from portal.core.db import db
from portal.referrals.trajectory.evaluations import Evaluation
from portal.referrals.trajectory.goals import GoalChoice
from portal.referrals.trajectory.guidance import Guidance


def forget(family_id: int) -> None:
    """Erase goals, evaluations and guidance; the half-days, days and kinds only, stay counted."""
    for table in (GoalChoice, Evaluation, Guidance):
        gone = delete(table).where(table.family_id == family_id)
        db.session.execute(gone.execution_options(synchronize_session=False))
