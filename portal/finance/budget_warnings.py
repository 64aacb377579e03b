"""Lines that reach a threshold: on screen, and by one mail to those who follow the budget.

Of a line is said once that it reached a threshold; when it falls below and reaches it again, once
more. At the second threshold a line is warned of when it is passed, not when it is just used up.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import selectinload

from portal.accounts import service as accounts
from portal.core import clock, mail
from portal.core.db import BigInt, db, insert_if_absent, new_id
from portal.core.errors import DomainError
from portal.core.i18n import N_, speaking
from portal.core.permissions import Actor
from portal.finance import budget_figures, budget_notices
from portal.finance.budget_figures import Standing, Sums
from portal.finance.budget_states import year_workflow
from portal.finance.models import (
    Booking,
    Budget,
    BudgetLine,
    BudgetNotice,
    LineKind,
    YearStatus,
)

TOTAL = "total"
WARNING, ALARM = "warning", "danger"


@dataclass(frozen=True)
class Warned:
    """A line of a budget (or all of them: label empty) and the threshold it reached."""

    subject: str
    label: str
    sums: Sums
    threshold_percent: int
    tone: str


def tone(budget: Budget, sums: Sums) -> str:
    """Return "danger", "warning" or "" for what a line or the whole has used."""
    if sums.used * 100 > max(sums.planned, 0) * budget.alarm_at_percent and sums.used > 0:
        return ALARM
    if sums.planned > 0 and sums.used * 100 >= sums.planned * budget.warn_at_percent:
        return WARNING
    return ""


def warned(standing: Standing) -> list[Warned]:
    """Return what reached a threshold, the total first."""
    budget = standing.budget
    each = [(TOTAL, "", standing.cost)]
    each += [
        (str(one.line.id), f"{one.line.code} {one.line.label}", one.sums) for one in standing.costs
    ]
    found = []
    for subject, label, sums in each:
        how = tone(budget, sums)
        if how:
            at = budget.alarm_at_percent if how == ALARM else budget.warn_at_percent
            found.append(Warned(subject, label, sums, at, how))
    return found


def note(budget: Budget) -> None:
    """Say by one mail what reached a threshold that it had not before; the budget is held."""
    db.session.flush()
    found = warned(budget_figures.standing(budget))
    now_at = {(one.subject, one.threshold_percent) for one in found}
    passed = {one.subject for one in found if one.tone == ALARM}
    kept = now_at | {(subject, budget.warn_at_percent) for subject in passed}
    for row in db.session.scalars(select(BudgetNotice).where(BudgetNotice.budget_id == budget.id)):
        if (row.subject, row.percent) not in kept:
            db.session.execute(delete(BudgetNotice).where(BudgetNotice.id == row.id))
    fresh = [one for one in found if _is_new(budget, one)]
    if fresh:
        _tell(budget, fresh)


def _is_new(budget: Budget, one: Warned) -> bool:
    levels = [one.threshold_percent]
    if one.tone == ALARM:
        levels.append(budget.warn_at_percent)  # said along with it
    new = [
        insert_if_absent(
            BudgetNotice,
            id=new_id(),
            budget_id=budget.id,
            subject=one.subject,
            percent=percent,
            told_at=clock.now(),
        )
        for percent in dict.fromkeys(levels)
    ]
    return new[0]


def _tell(budget: Budget, fresh: list[Warned]) -> None:
    for person in _people(budget):
        with speaking(person.locale) as _:
            values = {"year": budget.year, "title": budget.agreement.title}
            lines = [
                _("{line}: {percent} procent gebruikt (drempel {threshold} procent).").format(
                    line=one.label or _("Totaal"),
                    percent=one.sums.percent if one.sums.percent is not None else "–",
                    threshold=one.threshold_percent,
                )
                for one in fresh
            ]
            message = mail.Mail(
                to=person.email,
                subject=_("Begroting {year} bereikt een drempel: {title}").format(**values),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[
                    _("In de begroting {year} van “{title}” is een drempel bereikt.").format(
                        **values
                    ),
                    *lines,
                ],
                button_label=_("Bekijk de begroting"),
                button_url=budget_notices.path_of(budget),
                footer=_("Je krijgt dit bericht één keer per lijn en per drempel."),
                locale=person.locale,
            )
        mail.send(message, key=f"budget-warning:{new_id()}:{person.account_id}")


def _people(budget: Budget) -> list[accounts.Recipient]:
    found = budget_notices.finance_officers()
    manager_id = budget.agreement.manager_id
    if manager_id is not None:
        found = [*found, accounts.recipient(manager_id)]
    return list({person.account_id: person for person in found}.values())


def set_thresholds(
    budget: Budget, warn_at: int, alarm_at: int, by: Actor, version: int | None
) -> None:
    """Set at how much of a line a warning comes. Raises DomainError, ConflictError."""
    if not 1 <= warn_at < alarm_at <= 200:
        raise DomainError(
            N_("De eerste drempel ligt onder de tweede; allebei tussen 1 en 200 %."), "warn_at"
        )
    year_workflow.expect(budget, version)
    budget.warn_at_percent, budget.alarm_at_percent = warn_at, alarm_at
    fields = {"warn_at_percent", "alarm_at_percent"}
    year_workflow.fire(budget, "set_thresholds", by, fields=fields)
    note(budget)


@dataclass(frozen=True)
class AtThreshold:
    """A budget with lines that reached a threshold: how many, and of those how many passed it."""

    budget: Budget
    lines: int
    passed: int


def budgets_at_threshold(actor: Actor, most: int) -> list[AtThreshold]:
    """Return the open budgets this person may see in which a line reached a threshold, the worst
    first, in one query."""
    used = budget_figures.whole(func.sum(Booking.cents))
    per_line = (
        select(
            BudgetLine.budget_id,
            budget_figures.whole(func.max(BudgetLine.planned_cents)).label("planned"),
            used.label("used"),
        )
        .outerjoin(Booking, Booking.line_id == BudgetLine.id)
        .where(BudgetLine.kind == LineKind.COST)
        .group_by(BudgetLine.id, BudgetLine.budget_id)
        .subquery()
    )
    over = (per_line.c.used > 0) & (
        per_line.c.used * 100 > per_line.c.planned * Budget.alarm_at_percent
    )
    near = (per_line.c.planned > 0) & (
        per_line.c.used * 100 >= per_line.c.planned * Budget.warn_at_percent
    )
    passed = _count(over)
    reached = _count(over | near)
    rows = db.session.execute(
        select(Budget, reached, passed)
        .options(selectinload(Budget.agreement))
        .join(per_line, per_line.c.budget_id == Budget.id)
        .where(Budget.status == YearStatus.OPEN, Budget.visible_to(actor))
        .group_by(Budget.id)
        .having(reached > 0)
        .order_by(passed.desc(), reached.desc(), Budget.id)
        .limit(most)
    )
    return [AtThreshold(budget, lines, beyond) for budget, lines, beyond in rows]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=BigInt)
