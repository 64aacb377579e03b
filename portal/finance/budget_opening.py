"""Opening a year's budget from the terms that were signed, and drawing it up again.

The worker opens the year of every agreement in force, and draws a budget up again when the index
figure it waited for was published. What was booked stays on its line.
"""

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from portal.agreements import decisions, figures, in_force
from portal.agreements.models import Agreement, AgreementVersion, Status
from portal.core import clock
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.finance import budget_plan
from portal.finance.budget_plan import AppliedIndex, Plan, PlannedLine
from portal.finance.budget_states import year_workflow
from portal.finance.models import Booking, Budget, BudgetLine, LineForecast, YearStatus

SIGNED = (Status.ACTIVE, Status.ENDED, Status.TERMINATED)


def find(actor: Actor, reference: str, year: int) -> Budget:
    """Return the budget this person may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Budget)
        .join(Agreement, Agreement.id == Budget.agreement_id)
        .where(Agreement.reference == reference, Budget.year == year, Budget.visible_to(actor))
        .options(selectinload(Budget.agreement))
    )
    if found is None:
        raise NotFoundError()
    return found


def years_of(agreement: Agreement) -> list[Budget]:
    """Return the budgets of an agreement, the latest year first."""
    query = select(Budget).where(Budget.agreement_id == agreement.id)
    return list(db.session.scalars(query.order_by(Budget.year.desc())))


def years_to_open(agreement: Agreement) -> list[int]:
    """Return the years of the term that have no budget yet, up to the next one."""
    if agreement.status not in SIGNED:
        return []
    last = clock.today().year + 1
    taken = {budget.year for budget in years_of(agreement)}
    years = in_force.concluded(agreement).years
    return [one.year for one in years if one.year not in taken and one.year <= last]


def signed_version(agreement: Agreement) -> AgreementVersion:
    """Return the version that was signed. Raises NotFoundError."""
    return decisions.agreed_version(agreement)


def open_year(agreement: Agreement, year: int, by: Actor | None) -> Budget:
    """Store the budget of a year of a signed agreement. Raises DomainError.

    Of two people who open the same year one is told that it is there.
    """
    if agreement.status not in SIGNED:
        raise DomainError(N_("Deze overeenkomst is nog niet ondertekend."), "year")
    if year > clock.today().year + 1:
        raise DomainError(N_("Dit jaar ligt te ver in de toekomst."), "year")
    version = signed_version(agreement)
    layer = in_force.of_year(agreement, year)
    plan = budget_plan.draw_up(layer.terms, year, figures.lookup)
    budget_id = new_id()
    new = insert_if_absent(
        Budget,
        id=budget_id,
        agreement_id=agreement.id,
        year=year,
        status=YearStatus.OPEN,
        version=1,
        terms_number=version.number,
        addendum_number=layer.number,
        months=plan.months,
        first_month=plan.first_month,
        index_json=plan.index.to_json(),
        opened_at=clock.now(),
        changed_at=clock.now(),
    )
    if not new:
        raise DomainError(N_("De begroting van dit jaar is al geopend."), "year")
    budget = db.session.get_one(Budget, budget_id)
    for position, line in enumerate(plan.lines, 1):
        budget.lines.append(_stored(budget, line, position))
    year_workflow.fire(budget, "open", by, fields={"lines"})
    return budget


def _stored(budget: Budget, line: PlannedLine, position: int) -> BudgetLine:
    return BudgetLine(
        budget_id=budget.id,
        position=position,
        kind=line.kind,
        code=line.code,
        label=line.label,
        service=line.service,
        organisation_id=line.organisation_id,
        agreed_cents=line.agreed_cents,
        planned_cents=line.planned_cents,
        even=line.even,
        overhead_bp=line.overhead_bp,
    )


def drawn_up_now(budget: Budget) -> Plan:
    """Return the plan as it would be now: what was signed for its year, the figures known."""
    layer = in_force.of_year(budget.agreement, budget.year)
    return budget_plan.draw_up(layer.terms, budget.year, figures.lookup)


def is_behind(budget: Budget, plan: Plan) -> bool:
    """Say whether a budget differs from what the terms and figures of now would make it."""
    if AppliedIndex.from_json(budget.index_json) != plan.index:
        return True
    wanted = {line.key: (line.agreed_cents, line.planned_cents) for line in plan.lines}
    kept = {_key(line): (line.agreed_cents, line.planned_cents) for line in budget.lines}
    left = {key for key, amounts in kept.items() if amounts == (0, 0)} - wanted.keys()
    return {key: amounts for key, amounts in kept.items() if key not in left} != wanted


def draw_up_again(budget: Budget, by: Actor | None, version: int | None = None) -> None:
    """Bring a budget up to the version signed and the figures known. Raises ConflictError.

    A line that is no longer in the terms stays when something was booked on it, with nothing
    planned; another goes.
    """
    year_workflow.expect(budget, version)
    plan = drawn_up_now(budget)
    wanted = {line.key: (number, line) for number, line in enumerate(plan.lines, 1)}
    for kept in list(budget.lines):
        found = wanted.pop(_key(kept), None)
        if found is None:
            _drop(budget, kept)
            continue
        number, line = found
        kept.position, kept.label, kept.service = number, line.label, line.service
        kept.even, kept.overhead_bp = line.even, line.overhead_bp
        kept.agreed_cents, kept.planned_cents = line.agreed_cents, line.planned_cents
    for number, line in wanted.values():
        budget.lines.append(_stored(budget, line, number))
    budget.terms_number = signed_version(budget.agreement).number
    budget.addendum_number = in_force.of_year(budget.agreement, budget.year).number
    budget.months, budget.first_month = plan.months, plan.first_month
    budget.index_json = plan.index.to_json()
    year_workflow.fire(
        budget, "draw_up", by, fields={"lines", "index_json", "terms_number", "addendum_number"}
    )


def _key(line: BudgetLine) -> tuple[str, str, int | None]:
    return str(line.kind), line.code, line.organisation_id


def _drop(budget: Budget, line: BudgetLine) -> None:
    used = select(
        exists(select(Booking.id).where(Booking.line_id == line.id))
        | exists(select(LineForecast.id).where(LineForecast.line_id == line.id))
    )
    if db.session.scalar(used):
        line.agreed_cents = line.planned_cents = 0
    else:
        budget.lines.remove(line)


def _is_outdated(budget: Budget) -> bool:
    """Say whether its figure was published, or an addendum applies to its year since."""
    layer = in_force.of_year(budget.agreement, budget.year)
    if layer.number != budget.addendum_number:
        return True
    known = AppliedIndex.from_json(budget.index_json).known
    return not known and drawn_up_now(budget).index.known


@periodic(timedelta(hours=12))
def open_and_index() -> int:
    """Open this year's budgets, and draw up again those that waited for a figure or that an
    addendum changed. Returns how many."""
    year = clock.today().year
    without = ~exists(
        select(Budget.id).where(Budget.agreement_id == Agreement.id, Budget.year == year)
    )
    done = 0
    for agreement in db.session.scalars(
        select(Agreement).where(Agreement.status == Status.ACTIVE, without).order_by(Agreement.id)
    ).all():
        if any(one.year == year for one in in_force.concluded(agreement).years):
            open_year(agreement, year, None)
            done += 1
    waiting = select(Budget).where(Budget.status == YearStatus.OPEN).order_by(Budget.id)
    for budget in db.session.scalars(
        waiting.options(selectinload(Budget.agreement).selectinload(Agreement.addenda))
    ).all():
        if _is_outdated(budget):
            draw_up_again(budget, None)
            done += 1
    return done
