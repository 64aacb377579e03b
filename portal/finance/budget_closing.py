"""Closing a year: what stands in its way, its statements, and opening it again.

Statements are printed before the transaction that keeps them (`prepare`); when something was
booked in between, keeping them is refused. A year is opened again only by making its statements
void; closing it once more makes new ones, with the next number.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.agreements import compute
from portal.agreements.models import Status
from portal.core import clock, documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.core.rendering import Converter
from portal.finance import (
    budget_booking,
    budget_figures,
    budget_opening,
    budget_settlement,
    budget_statement,
)
from portal.finance.budget_figures import Standing
from portal.finance.budget_plan import AppliedIndex
from portal.finance.budget_settlement import Settlement
from portal.finance.budget_states import statement_workflow, year_workflow
from portal.finance.models import Budget, Statement, StatementStatus, YearStatus

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@dataclass(frozen=True)
class Choice:
    """What a person decides at closing: how much is carried over, and since when the steering
    group agrees when that is more than the reserve the agreement allows."""

    carry_cents: int = 0
    steering_on: date | None = None


@dataclass(frozen=True)
class PreparedStatement:
    """The statement of one partner, printed."""

    organisation_id: int
    figures: dict[str, Any]
    docx: bytes
    pdf: bytes


@dataclass(frozen=True)
class Prepared:
    """The statements of a year, printed from the figures of one moment."""

    version: int
    statements: tuple[PreparedStatement, ...]


def obstacles(budget: Budget) -> list[str]:
    """Return what must be done before the year can be closed (message ids)."""
    found = []
    agreement, today = budget.agreement, clock.today()
    ended = agreement.status in (Status.ENDED, Status.TERMINATED)
    if today.year <= budget.year and not ended:
        found.append(N_("Het jaar is nog niet voorbij."))
    if not AppliedIndex.from_json(budget.index_json).known:
        found.append(N_("De begroting is nog niet geïndexeerd: het indexcijfer ontbreekt."))
    if budget_booking.open_commitments(budget):
        found.append(N_("Er staat nog iets vastgelegd: boek de kost of geef het vrij."))
    before = _neighbour(budget, -1)
    if before is not None and not _is_settled(before):
        found.append(N_("Sluit eerst het vorige jaar af, met de goedkeuring van elke partner."))
    return found


def _neighbour(budget: Budget, years: int) -> Budget | None:
    return db.session.scalar(
        select(Budget).where(
            Budget.agreement_id == budget.agreement_id, Budget.year == budget.year + years
        )
    )


def _is_settled(budget: Budget) -> bool:
    current = statements(budget)
    return budget.status == YearStatus.CLOSED and all(
        one.status == StatementStatus.APPROVED for one in current
    )


def statements(budget: Budget) -> list[Statement]:
    """Return the statements of the last closing, one per partner; none of a year never closed."""
    query = select(Statement).where(
        Statement.budget_id == budget.id, Statement.number == budget.closings
    )
    return list(
        db.session.scalars(query.options(joinedload(Statement.organisation)).order_by(Statement.id))
    )


def visible_statements(budget: Budget, actor: Actor) -> list[Statement]:
    """Return every statement of a budget this person may see, the latest first."""
    query = select(Statement).where(Statement.budget_id == budget.id, Statement.visible_to(actor))
    return list(
        db.session.scalars(
            query.options(joinedload(Statement.organisation)).order_by(
                Statement.number.desc(), Statement.id
            )
        )
    )


def waiting(actor: Actor, most: int) -> list[Statement]:
    """Return the statements that wait for this person: to approve, or with a question to answer."""
    wanted = [
        status
        for status, permission in (
            (StatementStatus.SENT, Permission.STATEMENT_ANSWER),
            (StatementStatus.QUESTIONED, Permission.BUDGET_MANAGE),
        )
        if actor.can(permission)
    ]
    query = select(Statement).where(Statement.status.in_(wanted), Statement.visible_to(actor))
    return list(
        db.session.scalars(
            query.options(
                joinedload(Statement.organisation),
                joinedload(Statement.budget).joinedload(Budget.agreement),
            )
            .order_by(Statement.sent_at, Statement.id)
            .limit(most)
        )
    )


def find_statement(budget: Budget, statement_id: int, actor: Actor) -> Statement:
    """Return a statement of this budget this person may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Statement)
        .where(
            Statement.id == statement_id,
            Statement.budget_id == budget.id,
            Statement.visible_to(actor),
        )
        .options(joinedload(Statement.organisation))
    )
    if found is None:
        raise NotFoundError()
    return found


def reserve_cents(budget: Budget) -> int:
    """Return how much the agreement lets HSV carry over by itself; 0 in its last year."""
    terms = budget_opening.signed_version(budget.agreement).terms
    if not goes_on(budget):
        return 0
    planned = sum(line.planned_cents or 0 for line in budget.lines if line.kind == "cost")
    return compute.portion(planned, terms.reserve_bp)


def goes_on(budget: Budget) -> bool:
    """Say whether there is a next year to carry something over to."""
    terms = budget_opening.signed_version(budget.agreement).terms
    going = budget.agreement.status not in (Status.ENDED, Status.TERMINATED)
    return going and any(one.year == budget.year + 1 for one in terms.years)


def settled(standing: Standing, choice: Choice) -> Settlement:
    """Return the year settled as chosen. Raises DomainError, naming the field."""
    contributions = [one.sums.planned for one in standing.contributions]
    income, cost = standing.other_income.actual, standing.cost.actual
    plain = budget_settlement.settle(cost, income, contributions, standing.carried, 0)
    carry = choice.carry_cents
    if not 0 <= carry <= plain.balance:
        raise DomainError(
            N_("Draag hoogstens over wat er overblijft: %(most)s."),
            "carry",
            most=budget_statement.amount(plain.balance),
        )
    if carry and not goes_on(standing.budget):
        raise DomainError(N_("Er is geen volgend jaar om iets naar over te dragen."), "carry")
    if carry > reserve_cents(standing.budget) and choice.steering_on is None:
        raise DomainError(
            N_("Meer dan de reserve overdragen kan als de stuurgroep instemt. Vul in wanneer."),
            "steering_on",
        )
    if choice.steering_on is not None and choice.steering_on > clock.today():
        raise DomainError(N_("Deze dag moet nog komen."), "steering_on")
    return budget_settlement.settle(cost, income, contributions, standing.carried, carry)


def prepare(budget: Budget, choice: Choice) -> Prepared:
    """Return the statements printed; changes nothing.

    Raises DomainError when the year cannot be closed, RefusedError when it cannot be printed.
    """
    _check(budget)
    standing = budget_figures.standing(budget)
    settlement = settled(standing, choice)
    number = budget.closings + 1
    printed = []
    for one in budget_statement.figures(standing, settlement, number, choice.steering_on):
        docx = budget_statement.docx(one)
        pdf = Converter().to_pdf(docx)
        printed.append(PreparedStatement(one["organisation_id"], one, docx, pdf))
    return Prepared(budget.version, tuple(printed))


def _check(budget: Budget) -> None:
    if budget.status == YearStatus.CLOSED:
        raise DomainError(N_("Dit jaar is al afgesloten."))
    if why := obstacles(budget):
        raise DomainError(why[0])


def close(budget: Budget, prepared: Prepared, choice: Choice, by: Actor) -> list[Statement]:
    """Keep and send the statements that were printed, and close the year.

    Raises ConflictError when anything in them has changed since, DomainError, NotAllowedError.
    """
    year_workflow.expect(budget, prepared.version)
    _check(budget)
    standing = budget_figures.standing(budget)
    settlement = settled(standing, choice)
    number = budget.closings + 1
    now = budget_statement.figures(standing, settlement, number, choice.steering_on)
    if now != [one.figures for one in prepared.statements]:
        raise ConflictError(N_("Intussen werd er geboekt. Kijk de cijfers opnieuw na."))
    budget.closings = number
    year_workflow.fire(budget, "close", by, fields={"closings"})
    return [_keep(budget, one, number, by) for one in prepared.statements]


def _keep(budget: Budget, printed: PreparedStatement, number: int, by: Actor) -> Statement:
    name = budget_statement.filename(printed.figures)
    word = documents.put(printed.docx, f"{name}.docx", WORD)
    pdf = documents.put(printed.pdf, f"{name}.pdf", PDF)
    db.session.flush()
    own = printed.figures["own"]
    made = Statement(
        budget_id=budget.id,
        organisation_id=printed.organisation_id,
        number=number,
        status=StatementStatus.SENT,
        figures_json=printed.figures,
        balance_cents=own["balance"],
        returned_cents=own["returned"],
        carried_cents=own["carried"],
        docx_id=word.id,
        docx_sha256=hashlib.sha256(printed.docx).digest(),
        pdf_id=pdf.id,
        pdf_sha256=hashlib.sha256(printed.pdf).digest(),
        sent_by_id=by.account_id,
        sent_at=clock.now(),
        changed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    statement_workflow.fire(made, "send", by)
    return made


def read(statement: Statement, form: str) -> tuple[bytes, Document]:
    """Return a file of a statement ("word" or "pdf") as it was sent.

    Raises DamagedDocumentError when the bytes are not those that were sent.
    """
    word = form == "word"
    document = statement.docx if word else statement.pdf
    data = documents.read(document)
    if hashlib.sha256(data).digest() != (statement.docx_sha256 if word else statement.pdf_sha256):
        raise DamagedDocumentError(f"statement {statement.id}")
    return data, document


def reopen(budget: Budget, reason: str, by: Actor, version: int | None) -> None:
    """Open a closed year again: its statements become void, and the partners hear so.

    Raises DomainError once the next year is closed, or without a reason; ConflictError.
    """
    year_workflow.expect(budget, version)
    after = _neighbour(budget, 1)
    if after is not None and after.status == YearStatus.CLOSED:
        raise DomainError(N_("Het volgende jaar is al afgesloten. Heropen eerst dat jaar."))
    if not reason.strip():
        raise DomainError(N_("Zeg waarom het jaar opnieuw open moet."), "reason")
    year_workflow.fire(budget, "reopen", by, note=reason)
    for one in statements(budget):
        statement_workflow.expect(one, None)
        statement_workflow.fire(one, "replace", by)


def approve(statement: Statement, by: Actor, version: int | None) -> None:
    """Approve one's own statement. Raises ConflictError, NotAllowedError."""
    statement_workflow.expect(statement, version)
    statement_workflow.fire(statement, "approve", by)


def ask(statement: Statement, question: str, by: Actor, version: int | None) -> None:
    """Ask something about one's own statement. Raises DomainError, ConflictError."""
    statement_workflow.expect(statement, version)
    if not question.strip():
        raise DomainError(N_("Schrijf je vraag."), "text")
    statement_workflow.fire(statement, "question", by, note=question)


def answer(statement: Statement, words: str, by: Actor, version: int | None) -> None:
    """Answer a partner's question: the statement waits for approval again."""
    statement_workflow.expect(statement, version)
    if not words.strip():
        raise DomainError(N_("Schrijf je antwoord."), "text")
    statement_workflow.fire(statement, "answer", by, note=words)
