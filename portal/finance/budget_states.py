"""The states of a budget year and of its statements: who may do what, and who hears of it."""

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow
from portal.finance import budget_notices
from portal.finance.models import (
    Budget,
    BudgetEvent,
    Statement,
    StatementEvent,
    StatementStatus,
    YearStatus,
)

_MANAGE = Permission.BUDGET_MANAGE
_ANSWER = Permission.STATEMENT_ANSWER

YEAR_TRANSITIONS = (
    Transition(
        "open", (YearStatus.OPEN,), None, _MANAGE,
        N_("Begroting openen"), N_("Begroting geopend"),
    ),
    Transition(
        "draw_up", (YearStatus.OPEN,), None, _MANAGE,
        N_("Begroting opnieuw berekenen"), N_("Begroting opnieuw berekend"),
    ),
    Transition(
        "set_thresholds", (YearStatus.OPEN,), None, _MANAGE,
        N_("Drempels instellen"), N_("Drempels ingesteld"),
    ),
    Transition(
        "close", (YearStatus.OPEN,), YearStatus.CLOSED, _MANAGE,
        N_("Jaar afsluiten"), N_("Jaar afgesloten"), tone="primary",
    ),
    Transition(
        "reopen", (YearStatus.CLOSED,), YearStatus.OPEN, _MANAGE,
        N_("Jaar heropenen"), N_("Jaar heropend"), tone="danger",
    ),
)  # fmt: skip

STATEMENT_TRANSITIONS = (
    Transition(
        "send", (StatementStatus.SENT,), None, _MANAGE,
        N_("Afrekening bezorgen"), N_("Afrekening bezorgd"), tells=("partner",),
    ),
    Transition(
        "approve", (StatementStatus.SENT,), StatementStatus.APPROVED, _ANSWER,
        N_("Afrekening goedkeuren"), N_("Afrekening goedgekeurd"), tells=("hsv",),
        tone="primary",
    ),
    Transition(
        "question", (StatementStatus.SENT,), StatementStatus.QUESTIONED, _ANSWER,
        N_("Vraag stellen"), N_("Vraag gesteld"), tells=("hsv",),
    ),
    Transition(
        "answer", (StatementStatus.QUESTIONED,), StatementStatus.SENT, _MANAGE,
        N_("Vraag beantwoorden"), N_("Vraag beantwoord"), tells=("partner",), tone="primary",
    ),
    Transition(
        "replace",
        (StatementStatus.SENT, StatementStatus.QUESTIONED, StatementStatus.APPROVED),
        StatementStatus.REPLACED, _MANAGE,
        N_("Afrekening vervangen"), N_("Vervalt: het jaar is heropend"), tells=("partner",),
    ),
)  # fmt: skip

YEAR_LABELS = {YearStatus.OPEN: N_("Lopend"), YearStatus.CLOSED: N_("Afgesloten")}
YEAR_TONES = {YearStatus.OPEN: "info", YearStatus.CLOSED: "success"}
STATEMENT_LABELS = {
    StatementStatus.SENT: N_("Wacht op goedkeuring"),
    StatementStatus.QUESTIONED: N_("Vraag van de partner"),
    StatementStatus.APPROVED: N_("Goedgekeurd"),
    StatementStatus.REPLACED: N_("Vervangen"),
}
STATEMENT_TONES = {
    StatementStatus.SENT: "info",
    StatementStatus.QUESTIONED: "warning",
    StatementStatus.APPROVED: "success",
    StatementStatus.REPLACED: "neutral",
}
YEAR_PAST = {t.action: t.past for t in YEAR_TRANSITIONS}
STATEMENT_PAST = {t.action: t.past for t in STATEMENT_TRANSITIONS}


def _write_year_event(fired: Fired[Budget]) -> None:
    budget = fired.thing
    budget.changed_at = clock.now()
    budget.events.append(
        BudgetEvent(
            budget_id=budget.id,
            version=budget.version + 1 if budget.version else 1,
            action=fired.transition.action,
            at=budget.changed_at,
            account_id=fired.by.account_id if fired.by else None,
            note=fired.details.get("note", ""),
        )
    )


def _write_statement_event(fired: Fired[Statement]) -> None:
    statement, by = fired.thing, fired.by
    statement.changed_at = clock.now()
    statement.events.append(
        StatementEvent(
            statement_id=statement.id,
            version=statement.version + 1 if statement.version else 1,
            action=fired.transition.action,
            at=statement.changed_at,
            account_id=by.account_id if by else None,
            organisation_id=by.organisation_id if by and not by.can(_MANAGE) else None,
            note=fired.details.get("note", ""),
        )
    )


def _tell_nobody(_fired: Fired[Budget], _audience: str) -> None:
    """A budget year itself is told to nobody: its statements are."""


def year_changes(budget: Budget, version: int) -> list[Change]:
    """Return what happened to a budget after the version a person looked at, oldest first."""
    db.session.refresh(budget, ["events"])
    late = [e for e in budget.events if e.version > version][-8:]
    names = budget_notices.names_of(e.account_id for e in late)
    return [Change(YEAR_PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


def statement_changes(statement: Statement, version: int) -> list[Change]:
    """Return what happened to a statement after the version a person looked at."""
    db.session.refresh(statement, ["events"])
    late = [e for e in statement.events if e.version > version][-8:]
    names = budget_notices.names_of(e.account_id for e in late)
    return [Change(STATEMENT_PAST[e.action], e.at, names.get(e.account_id, "")) for e in late]


year_workflow = Workflow(
    YEAR_TRANSITIONS,
    write_event=_write_year_event,
    tell=_tell_nobody,
    changes_since=year_changes,
)
statement_workflow = Workflow(
    STATEMENT_TRANSITIONS,
    write_event=_write_statement_event,
    tell=budget_notices.tell_of_statement,
    changes_since=statement_changes,
)
