"""Billing many at once: a transaction for each document, so that a run can be killed anywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.permissions import Actor, Role, granted
from portal.finance import billing, invoice_drafts, issuing
from portal.finance.models import Invoice, InvoiceStatus

Shown = Callable[[list[Any], str], Iterable[Any]]


@dataclass
class Run:
    """What a run did. `refused`: the reference of each draft left, with the reason."""

    prepared: int = 0
    issued: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def officer(email: str) -> Actor:
    """Return the finance officer who answers for a run. Raises NotFoundError."""
    return acting(email, Role.FINANCE_OFFICER)


def acting(email: str, role: Role) -> Actor:
    """Return somebody in a role, outside a request. Raises NotFoundError."""
    account = accounts.find_account(email)
    if account is None:
        raise NotFoundError()
    for membership in accounts.active_memberships(account.id):
        if membership.role == role:
            organisation = membership.organisation
            return Actor(
                account_id=account.id,
                name=account.name,
                email=account.email,
                role=role,
                membership_id=membership.id,
                organisation_id=membership.organisation_id,
                organisation_name=organisation.name if organisation else "",
                permissions=granted(role),
            )
    raise NotFoundError()


def prepare(until: date, by: Actor | None, run: Run, shown: Shown) -> None:
    """Make a draft of every instalment due up to a day, committing each."""
    due = list(billing.standing(until).to_bill)
    db.session.rollback()
    for one in shown(due, "Ontwerpen"):
        run.prepared += billing.prepare_one(one, by) is not None
        db.session.commit()
        db.session.expunge_all()


def issue(by: Actor, run: Run, shown: Shown) -> None:
    """Issue every draft that is complete, committing each; say of the others why not."""
    query = select(Invoice.id).where(Invoice.status == InvoiceStatus.DRAFT).order_by(Invoice.id)
    drafts = list(db.session.scalars(query))
    db.session.rollback()
    for invoice_id in shown(drafts, "Uitreiken"):
        _issue_one(invoice_id, by, run)
        db.session.expunge_all()


def _issue_one(invoice_id: int, by: Actor, run: Run) -> None:
    invoice = db.session.get_one(Invoice, invoice_id)
    if invoice_drafts.needs_reference(invoice):
        run.refused.append((invoice.reference, "bestelbonnummer of referentie ontbreekt"))
        db.session.rollback()
        return
    reference = invoice.reference
    try:
        issuing.issue(by, invoice, None)
    except ConflictError:
        db.session.rollback()  # a colleague was first
    except DomainError as error:
        db.session.rollback()
        run.refused.append((reference, error.message % error.values))
    else:
        db.session.commit()
        run.issued += 1
