"""The accountant's codes for the accounts of the journal: dated, corrected by a new row.

As shipped: the usual places of the Belgian minimum chart of accounts, for the accountant to
confirm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance.models import AccountCodes, LedgerAccount

INVOICED, CLAIMED, LATENESS = "invoiced", "claimed", "lateness"


@dataclass(frozen=True)
class Account:
    """One account of the journal: what it is called and its code as shipped."""

    label: str
    code: str


# Every account of the ledger, and the income that issued documents bring.
ACCOUNTS: Mapping[str, Account] = {
    LedgerAccount.DEBTORS: Account(N_("Handelsdebiteuren"), "400000"),
    LedgerAccount.BANK: Account(N_("Bank"), "550000"),
    LedgerAccount.ONLINE: Account(N_("Betaaldienst"), "551000"),
    LedgerAccount.TRANSIT: Account(N_("Interne overboekingen"), "580000"),
    LedgerAccount.UNMATCHED: Account(N_("Wachtrekening"), "499000"),
    LedgerAccount.FEES: Account(N_("Bank- en betaalkosten"), "656000"),
    LedgerAccount.OTHER: Account(N_("Niet over een factuur"), "499900"),
    LedgerAccount.WRITTEN_OFF: Account(N_("Afgeboekte vorderingen"), "642000"),
    INVOICED: Account(N_("Opbrengsten uit facturen"), "700000"),
    CLAIMED: Account(N_("Opbrengsten uit schuldvorderingen"), "740000"),
    LATENESS: Account(N_("Verwijlinterest en vergoedingen"), "756000"),
}
_CODE = re.compile(r"[0-9]{3,10}")


def on(day: date) -> dict[str, str]:
    """Return the code of every account on a day."""
    return of_days([day])[day]


def of_days(days: list[date]) -> dict[date, dict[str, str]]:
    """Return the codes of every account on each of these days, in one query."""
    query = select(AccountCodes).where(AccountCodes.replaced_at.is_(None))
    rows = db.session.scalars(query.order_by(AccountCodes.from_on.desc())).all()
    shipped = {str(key): account.code for key, account in ACCOUNTS.items()}
    return {
        day: {**shipped, **next((row.codes_json for row in rows if row.from_on <= day), {})}
        for day in days
    }


def history() -> list[AccountCodes]:
    """Return every row ever recorded, the latest day first."""
    order = (AccountCodes.from_on.desc(), AccountCodes.recorded_at.desc())
    return list(db.session.scalars(select(AccountCodes).order_by(*order)))


def record(from_on: date, codes: Mapping[str, str], by: Actor | None) -> AccountCodes:
    """Record the codes that hold from a day on. Raises DomainError on the field not in order."""
    for key in ACCOUNTS:
        if not _CODE.fullmatch(codes.get(key, "")):
            raise DomainError(N_("Een code telt drie tot tien cijfers."), key)
    current = AccountCodes.from_on == from_on, AccountCodes.replaced_at.is_(None)
    now = clock.now()
    if (earlier := db.session.scalar(select(AccountCodes).where(*current))) is not None:
        earlier.replaced_at = now
        db.session.flush()
    row = AccountCodes(
        from_on=from_on,
        codes_json={str(key): codes[key] for key in ACCOUNTS},
        recorded_by_id=by.account_id if by else None,
        recorded_at=now,
    )
    db.session.add(row)
    audit.record("account_codes:record", row, actor=by, fields=codes)
    return row
