"""Writes bank files as banks do, from the same plain statements the portal reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from xml.sax.saxutils import escape

from portal.finance.banking.statements import Movement, Statement

OWN = "BE71096123456769"
CITY = "BE41063012345610"
OTHER = "BE96733012345605"


def movement(cents: int, on: date, **more: object) -> Movement:
    """Return a movement that was booked and valued on a day."""
    return replace(Movement(cents, on, on), **more)  # type: ignore[arg-type]


def statement(number: int, opening: int, *movements: Movement, **more: object) -> Statement:
    """Return a statement whose balances are right."""
    days = [one.booked_on for one in movements] or [date(2027, 3, 1)]
    made = Statement(
        OWN,
        "EUR",
        str(number),
        opening,
        opening + sum(one.cents for one in movements),
        date.fromordinal(min(days).toordinal() - 1),
        max(days),
        movements,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Batch:
    """Movements a bank books as one total with its details."""

    movements: Sequence[Movement]

    @property
    def cents(self) -> int:
        """Return the total."""
        return sum(one.cents for one in self.movements)


def groups(one: Statement, batches: Sequence[Batch]) -> list[Batch]:
    """Return the movements of a statement, those in a batch together, the others alone."""
    inside = {id(m): b for b in batches for m in b.movements}
    found: list[Batch] = []
    for each in one.movements:
        batch = inside.get(id(each), Batch([each]))
        if not any(batch is one for one in found):
            found.append(batch)
    return found


# CODA


def coda(*statements: Statement, batches: Sequence[Batch] = ()) -> bytes:
    """Return a CODA file (version 2) with these statements."""
    last = len(statements) - 1
    records = [r for i, s in enumerate(statements) for r in _coda(s, batches, i == last)]
    assert all(len(one) == 128 for one in records)
    return ("\r\n".join(records) + "\r\n").encode("latin-1")


def _coda(one: Statement, batches: Sequence[Batch], last: bool) -> list[str]:
    number = f"{int(one.number) % 1000:03}"
    account = f"{one.iban:<34}{one.currency}"
    inside: list[str] = []
    for sequence, batch in enumerate(groups(one, batches), 1):
        inside += _coda_batch(sequence, batch)
    debit = sum(-m.cents for m in one.movements if m.cents < 0)
    credit = sum(m.cents for m in one.movements if m.cents > 0)
    for each in groups(one, batches):  # the trailer counts totals, not details
        if len(each.movements) > 1:
            debit -= sum(-m.cents for m in each.movements if m.cents < 0) - max(-each.cents, 0)
            credit -= sum(m.cents for m in each.movements if m.cents > 0) - max(each.cents, 0)
    return [
        _fit(
            "0",
            "0000" + f"{one.closed_on:%d%m%y}" + "063" + "05" + " " * 8 + "0000000001"
            f"{'HOME-START VLAANDEREN':<26}{'GKCCBEBB':<11}00000000000 00000",
            127,
        )
        + "2",
        _fit(
            "1",
            f"2{number}{account:<37}{_coda_amount(one.opening_cents)}{one.opened_on:%d%m%y}"
            f"{'HOME-START VLAANDEREN':<26}{'ZICHTREKENING':<35}",
            125,
        )
        + number,
        *inside,
        _fit(
            "8",
            f"{number}{account:<37}{_coda_amount(one.closing_cents)}{one.closed_on:%d%m%y}",
            127,
        )
        + "0",
        _fit(
            "9",
            f"{'':<15}{len(inside) + 2:06}{debit * 10:015}{credit * 10:015}",
            127,
        )
        + ("2" if last else "1"),
    ]


def _coda_batch(sequence: int, batch: Batch) -> list[str]:
    if len(batch.movements) == 1:
        return _coda_move(sequence, 0, "0", batch.movements[0])
    first = batch.movements[0]
    total = Movement(batch.cents, first.booked_on, first.value_on, bank_reference="TOTAAL")
    found = _coda_move(sequence, 0, "2", total)
    for detail, each in enumerate(batch.movements, 1):
        found += _coda_move(sequence, detail, "6", each)
    return found


def _coda_move(sequence: int, detail: int, kind: str, one: Movement) -> list[str]:
    place = f"{sequence:04}{detail:04}"
    words = f"1101{one.ogm}" if one.ogm and not one.text else f"0{one.text}"
    first, second, third = words[:54], words[54:107], words[107:150]
    return [
        _fit(
            "21",
            f"{place}{one.bank_reference:<21}{_coda_amount(one.cents)}{one.value_on:%d%m%y}"
            f"{kind}0150000{first:<54}{one.booked_on:%d%m%y}001",
            125,
        )
        + "1 0",
        _fit("22", f"{place}{second:<53}", 125) + "1 0",
        _fit("23", f"{place}{one.iban:<34}EUR{one.name[:35]:<35}{third:<43}", 125) + "0 0",
    ]


def _coda_amount(cents: int) -> str:
    return f"{'1' if cents < 0 else '0'}{abs(cents) * 10:015}"


def _fit(kind: str, rest: str, width: int) -> str:
    return f"{kind}{rest}".ljust(width)[:width]


# camt.053


def camt(*statements: Statement, version: int = 8, batches: Sequence[Batch] = ()) -> bytes:
    """Return a camt.053 file of a version from 2 to 12."""
    inside = "".join(_camt(one, version, batches) for one in statements)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2027-03-02T06:00:00</CreDtTm></GrpHdr>"
        f"{inside}</BkToCstmrStmt></Document>"
    ).encode()


def _camt(one: Statement, version: int, batches: Sequence[Batch]) -> str:
    entries = "".join(_entry(b, one.currency, version) for b in groups(one, batches))
    return (
        f"<Stmt><Id>S{one.number}</Id><ElctrncSeqNb>{one.number}</ElctrncSeqNb>"
        f"<Acct><Id><IBAN>{one.iban}</IBAN></Id><Ccy>{one.currency}</Ccy></Acct>"
        f"{_balance('OPBD', one.opening_cents, one.currency, one.opened_on)}"
        f"{_balance('CLBD', one.closing_cents, one.currency, one.closed_on)}"
        f"{entries}</Stmt>"
    )


def _balance(kind: str, cents: int, currency: str, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(cents, currency)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _amount(cents: int, currency: str) -> str:
    return (
        f'<Amt Ccy="{currency}">{abs(cents) // 100}.{abs(cents) % 100:02}</Amt>'
        f"<CdtDbtInd>{'DBIT' if cents < 0 else 'CRDT'}</CdtDbtInd>"
    )


def _entry(batch: Batch, currency: str, version: int) -> str:
    first = batch.movements[0]
    status = "<Sts>BOOK</Sts>" if version < 4 else "<Sts><Cd>BOOK</Cd></Sts>"
    details = "".join(_details(one, currency, version) for one in batch.movements)
    reference = first.bank_reference if len(batch.movements) == 1 else "TOTAAL"
    return (
        f"<Ntry>{_amount(batch.cents, currency)}{status}"
        f"<BookgDt><Dt>{first.booked_on}</Dt></BookgDt><ValDt><Dt>{first.value_on}</Dt></ValDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(one: Movement, currency: str, version: int) -> str:
    side = "Dbtr" if one.cents > 0 else "Cdtr"
    name = f"<Nm>{escape(one.name)}</Nm>"
    party = name if version < 8 else f"<Pty>{name}</Pty>"
    amount = _amount(one.cents, currency)
    if version < 4:
        plain = amount.partition("<CdtDbtInd>")[0]
        amount = f"<AmtDtls><TxAmt>{plain}</TxAmt></AmtDtls>"
    if one.ogm and not one.text:
        words = (
            "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
            f"<Ref>{one.ogm}</Ref></CdtrRefInf></Strd>"
        )
    else:
        words = f"<Ustrd>{escape(one.text)}</Ustrd>"
    account = f"<{side}Acct><Id><IBAN>{one.iban}</IBAN></Id></{side}Acct>" if one.iban else ""
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{one.bank_reference}</AcctSvcrRef></Refs>{amount}"
        f"<RltdPties><{side}>{party}</{side}>{account}</RltdPties>"
        f"<RmtInf>{words}</RmtInf></TxDtls>"
    )
