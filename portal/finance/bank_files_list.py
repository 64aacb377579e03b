"""The list of bank files: what came in, and what each did."""

from typing import Any

from flask_babel import gettext
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.core.i18n import N_
from portal.core.tables import Column, Listing
from portal.finance.models import BankFile, BankMovement, BankStatement


def statement() -> Select[*tuple[Any, ...]]:
    """Return the files with how many statements and movements they brought."""
    of_file = BankStatement.file_id == BankFile.id
    statements = select(func.count(BankStatement.id)).where(of_file)
    movements = select(func.coalesce(func.sum(BankStatement.movements), 0)).where(of_file)
    booked = (
        select(func.count(BankMovement.ordinal))
        .join(BankStatement, BankStatement.id == BankMovement.statement_id)
        .where(of_file)
    )
    found = select(
        BankFile,
        Account.name.label("by"),
        statements.correlate(BankFile).scalar_subquery().label("statements"),
        movements.correlate(BankFile).scalar_subquery().label("movements"),
        booked.correlate(BankFile).scalar_subquery().label("booked"),
    ).outerjoin(Account, Account.id == func.coalesce(BankFile.taken_by_id, BankFile.account_id))
    return found.options(joinedload(BankFile.document))


def _who(row: Any) -> str:
    return row.by or gettext("Het portaal")


LISTING: Listing[Row[Any]] = Listing(
    (
        Column("ontvangen", N_("Ontvangen"), lambda r: r.BankFile.at, sort=BankFile.at),
        Column("bestand", N_("Bestand"), lambda r: r.BankFile.document.filename),
        Column("soort", N_("Soort"), lambda r: r.BankFile.format.label),
        Column("door", N_("Door"), _who),
        Column("uittreksels", N_("Nieuwe uittreksels"), lambda r: int(r.statements), num=True),
        Column("geboekt", N_("Geboekt"), lambda r: int(r.booked), num=True),
        Column("gekend", N_("Al gekend"), lambda r: int(r.movements) - int(r.booked), num=True),
        Column("verwerkt", N_("Ingelezen op"), lambda r: r.BankFile.taken_at),
    ),
    row_id=BankFile.id,
    first_sort="-ontvangen",
)
