"""CODA, the format of Belgian banks: fixed records of 128 characters (Febelfin, version 2).

febelfin-coda cuts the records up. It is strict by `assert`, so that whatever it throws means that
the file is not as it should be; totals and balances are added up here once more.
"""

from collections.abc import Iterator
from typing import Any

from coda import CODA

from portal.core.i18n import N_
from portal.finance.banking import communication
from portal.finance.banking.statements import (
    BankFileError,
    Movement,
    Statement,
    account_number,
    in_cents,
)

RECORD = 128
_NOT_READ = (
    AssertionError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
)
_TOTALS = ("1", "2")  # of orders given together, or of small amounts the bank added up
_DETAILS = ("5", "6", "7")  # what those consist of; 8 and 9 say how an amount came about
_UNKNOWN_DAY = "000000"
_STRUCTURED = ("101", "102")

_MALFORMED = N_(
    "Dit bestand is geen volledig CODA-bestand: het is beschadigd of onderweg veranderd. Er is "
    "niets geboekt. Vraag het opnieuw op bij je bank en open het niet in een tekstverwerker."
)
_CUT_OFF = N_(
    "Dit CODA-bestand is afgebroken: het einde ontbreekt. Er is niets geboekt. Vraag het opnieuw "
    "op bij je bank."
)


def is_coda(data: bytes) -> bool:
    """Say whether bytes begin as a header record does."""
    return data.startswith(b"0000") and data[:RECORD].count(b"\n") == 0


def read(data: bytes) -> list[Statement]:
    """Return the statements in a file. Raises BankFileError."""
    records = _records(data)
    try:
        found = CODA([_mended(one) for one in records]).statements
        statements = [_statement(one) for one in found]
    except _NOT_READ:
        raise BankFileError(_MALFORMED) from None
    if records[-1][0] != "9":
        raise BankFileError(_CUT_OFF)
    return statements


def _records(data: bytes) -> list[str]:
    """Return the records. Raises BankFileError unless each is whole and in a possible place."""
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            records = data.decode(encoding).replace("\r\n", "\n").rstrip("\n\x1a").split("\n")
        except UnicodeDecodeError:
            continue
        if all(len(one) == RECORD for one in records):
            break
    else:
        raise BankFileError(_MALFORMED)
    previous = ""
    for one in records:
        # A part of a movement stands once: the library would glue repetitions without end.
        if one[0] not in "0123489" or (one[0] in "23" and one[:10] == previous):
            raise BankFileError(_MALFORMED)
        previous = one[:10]
    return records


def _mended(record: str) -> str:
    """Return a record as the library can read it.

    A value date may be unknown by the standard (six zeros): the day of booking is taken. Details
    of details (type 9) make it stumble: they are handed over as details that are left out.
    """
    if not record.startswith("21"):
        return record
    if record[47:53] == _UNKNOWN_DAY:
        record = record[:47] + record[115:121] + record[53:]
    return record[:53] + "8" + record[54:] if record[53] == "9" else record


def _statement(found: Any) -> Statement:
    if found.number_records is None:
        raise BankFileError(_CUT_OFF)
    number = found.coda_sequence if found.coda_sequence.strip("0 ") else found.old_sequence
    statement = Statement(
        iban=account_number(found.account),
        currency=found.account_currency.strip() or "EUR",
        number=number.strip().lstrip("0") or "0",
        opening_cents=in_cents(found.old_balance),
        closing_cents=in_cents(found.new_balance),
        opened_on=found.old_balance_date,
        closed_on=found.new_balance_date,
        movements=tuple(_movements(found)),
    )
    statement.check_balances()
    return statement


def _movements(found: Any) -> Iterator[Movement]:
    """Yield what counts: a total that is given in details as those, never both."""
    for move in found.moves:
        parts = [one for one in move.moves if one.transaction_type in _DETAILS]
        if move.transaction_type not in _TOTALS or not parts:
            parts = [move]
        if sum(one.amount for one in parts) != move.amount:
            raise BankFileError(
                N_(
                    "In dit CODA-bestand tellen de details van een verzamelboeking niet op tot het "
                    "totaal. Er is niets geboekt. Vraag het opnieuw op bij je bank."
                )
            )
        yield from (_movement(one) for one in parts if one.amount)


def _movement(move: Any) -> Movement:
    text = " ".join(_words(move).split())
    structured = ""
    if move.communication_type in _STRUCTURED:
        structured = communication.ogm(move.communication or "")
    return Movement(
        cents=in_cents(move.amount),
        booked_on=move.entry_date,
        value_on=move.value_date,
        name=" ".join((move.counterparty_name or "").split()),
        iban=account_number((move.counterparty_account or "")[:34]),
        ogm=structured or communication.only_ogm_in(text),
        text="" if structured else text,
        bank_reference=move.bank_reference.strip(),
        position=f"{move.sequence}/{move.detail_sequence}",
    )


def _words(move: Any) -> str:
    """Return a communication as a person can read it; of the kinds with fields, the fields."""
    whole: str = move._communication
    return whole[1:] if move.communication_type is None else whole[4:]
