"""Bank files of a few months, read as the worker and a person read them: paid, partly, twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

from sqlalchemy import select

from portal.core import clock, money
from portal.core.db import db
from portal.core.permissions import Role
from portal.directory.models import Organisation
from portal.finance import bank_files, bill_run, placing
from portal.finance.models import Invoice, InvoiceStatus, LedgerAccount, Payment
from portal.finance.payment_state import CREDITING

OWN = "BE71096123456769"
OPENING_CENTS = 48_215_30
CITY, TOWN, LATE = "Stad Sint-Niklaas", "Gemeente Temse", "Stad Lokeren"
ACCOUNTS = {
    CITY: "BE41063012345610",
    TOWN: "BE43068999999501",
    LATE: "BE96733012345605",
}


@dataclass(frozen=True)
class _Move:
    """A movement: days ago, cents, from or to whom, and what was written along."""

    days: int
    cents: int
    name: str
    ogm: str = ""
    text: str = ""

    @property
    def on(self) -> date:
        """The day it was booked; not before this year."""
        today = clock.today()
        return max(today - timedelta(days=self.days), date(today.year, 1, 4))


def build(officer_email: str) -> None:
    """Store them; the newest file waits for somebody to look at it."""
    officer = bill_run.acting(officer_email, Role.FINANCE_OFFICER)
    balance = OPENING_CENTS
    *read, looked_at = _months(_invoices())
    for number, moves in enumerate(read, 1):
        data, balance = _camt(number, balance, moves)
        bank_files.take(bank_files.keep(data, f"uittreksel-{number:03}.xml", None), None)
        db.session.commit()
    data, balance = _camt(len(read) + 1, balance, looked_at)
    bank_files.keep(data, f"uittreksel-{len(read) + 1:03}.xml", officer)
    costs = db.session.scalars(select(Payment).where(Payment.cents == -4_50)).first()
    if costs is not None:
        why = "Kosten van de rekening"
        placing.elsewhere(costs, LedgerAccount.FEES, 4_50, officer, why)
    db.session.commit()


def _invoices() -> dict[str, list[Invoice]]:
    """Return the issued invoices and claims of each partner, oldest first."""
    query = (
        select(Invoice)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(
            Organisation.name.in_(ACCOUNTS),
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.kind.not_in(CREDITING),
        )
        .order_by(Invoice.issued_at, Invoice.id)
    )
    found: dict[str, list[Invoice]] = {name: [] for name in ACCOUNTS}
    for invoice in db.session.scalars(query):
        found[invoice.organisation.name].append(invoice)
    return found


def _months(invoices: dict[str, list[Invoice]]) -> list[list[_Move]]:
    """Return the movements, statement by statement."""
    course, kick_off, evenings = invoices[CITY][:3]
    town, (late, newest) = invoices[TOWN][0], invoices[LATE][:2]
    ogm = str(town.ogm)
    written = f"+++{ogm[:3]}/{ogm[3:7]}/{ogm[7:]}+++ dienst welzijn"
    half = kick_off.total_cents * 2 // 3
    rest = kick_off.total_cents - half
    return [
        [
            _Move(215, course.total_cents, CITY, str(course.ogm)),
            _Move(210, town.total_cents, TOWN, text=written),
            _Move(205, -4_50, "Bank", text="Rekeningkosten eerste kwartaal"),
        ],
        [
            _Move(150, half, CITY, str(kick_off.ogm)),
            _Move(95, late.total_cents, LATE, str(late.ogm)),
        ],
        [
            _Move(40, course.total_cents, CITY, str(course.ogm)),
            _Move(35, evenings.total_cents + rest, CITY, text="restant toelage en vier avonden"),
            _Move(30, -190_00, LATE, text="terugbetaling twee uur vorming"),
            _Move(8, 50_00, "A. Goossens", text="gift voor jullie mooie werk"),
        ],
        [_Move(2, newest.total_cents, LATE, str(newest.ogm))],
    ]


def _camt(number: int, opening_cents: int, moves: Sequence[_Move]) -> tuple[bytes, int]:
    """Return a camt.053 file with one statement, and its closing balance."""
    closing = opening_cents + sum(one.cents for one in moves)
    first, last = moves[0].on - timedelta(days=1), moves[-1].on
    entries = "".join(_entry(one, f"{number:03}{at:03}") for at, one in enumerate(moves))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', opening_cents, first)}{_balance('CLBD', closing, last)}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    return text.encode(), closing


def _balance(kind: str, cents: int, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(cents)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _amount(cents: int) -> str:
    way = "DBIT" if cents < 0 else "CRDT"
    return f'<Amt Ccy="EUR">{money.as_decimal(abs(cents))}</Amt><CdtDbtInd>{way}</CdtDbtInd>'


def _entry(one: _Move, reference: str) -> str:
    side = "Dbtr" if one.cents > 0 else "Cdtr"
    iban = ACCOUNTS.get(one.name, "")
    account = f"<{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct>" if iban else ""
    words = f"<Ustrd>{escape(one.text)}</Ustrd>"
    if one.ogm:
        words = f"<Strd><CdtrRefInf><Ref>{one.ogm}</Ref></CdtrRefInf></Strd>"
    return (
        f"<Ntry>{_amount(one.cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{one.on}</Dt></BookgDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><{side}><Pty><Nm>{escape(one.name)}</Nm></Pty></{side}>{account}</RltdPties>"
        f"<RmtInf>{words}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )
