"""camt.053, statements of account in XML (ISO 20022), of every version banks send (2 to 12).

Read without DTD, entities or network, within limits: what no bank sends is refused before it can
cost anything. The packages that read camt drop the Belgian structured communication.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from portal.core import clock
from portal.core.i18n import N_
from portal.finance.banking import communication
from portal.finance.banking.statements import (
    BankFileError,
    Movement,
    Statement,
    account_number,
    in_cents,
)

MOST_TAGS = 150_000  # some three thousand movements; a bank file of HSV holds tens
LONGEST_PART = 20_000  # bytes of one text or one tag; a bank writes a few hundred
_HEAD = 4096  # in which the root element begins
_CAREFUL: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.(\d{3})\.001\.(\d{2})\}Document")
_VERSIONS = range(2, 13)
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_EMPTY_REFERENCES = frozenset({"NOTPROVIDED", "NONREF", "NOREF"})

_MALFORMED = N_(
    "Dit bestand is geen leesbaar camt.053-bestand: het is beschadigd of onderweg veranderd. Er "
    "is niets geboekt. Vraag het opnieuw op bij je bank."
)
_UNSAFE = N_(
    "In dit bestand staan instructies (een DTD of entiteiten) die een bank nooit meestuurt. Het "
    "is niet gelezen en er is niets geboekt."
)
_TOO_LARGE = N_(
    "Dit bestand is te groot om in één keer te lezen. Vraag je bank bestanden van een kortere "
    "periode, bijvoorbeeld een maand."
)
_OTHER = N_(
    "Dit is geen camt.053 (rekeninguittreksels) maar %(kind)s. Vraag je bank om CODA of camt.053."
)


def is_xml(data: bytes) -> bool:
    """Say whether bytes begin as XML does."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(data: bytes) -> list[Statement]:
    """Return the statements in a file. Raises BankFileError."""
    root = _parsed(data)
    space = {"c": etree.QName(root).namespace or ""}
    try:
        return [_statement(one, space) for one in root.findall("c:BkToCstmrStmt/c:Stmt", space)]
    except (ValueError, ArithmeticError):
        raise BankFileError(_MALFORMED) from None


def _parsed(data: bytes) -> etree._Element:
    """Return the root element; refuses by what stands in front before the rest is read."""
    if b"\0" in data[:4096] or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BankFileError(_UNSAFE)
    if data.count(b"<") > MOST_TAGS:
        raise BankFileError(_TOO_LARGE)
    if max(map(len, data.split(b"<"))) > LONGEST_PART:
        raise BankFileError(_MALFORMED)
    try:
        first = etree.XMLPullParser(events=("start",), **_CAREFUL)
        first.feed(data[:_HEAD])
        for _event, element in first.read_events():
            _check_root(element)
            break
        root = etree.fromstring(data, etree.XMLParser(**_CAREFUL))
    except etree.XMLSyntaxError:
        raise BankFileError(_MALFORMED) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BankFileError(_UNSAFE)
    _check_root(root)
    return root


def _check_root(element: etree._Element) -> None:
    found = _ROOT.fullmatch(str(element.tag))
    if found is None:
        raise BankFileError(_OTHER, kind="XML")
    if found[1] != "053" or int(found[2]) not in _VERSIONS:
        raise BankFileError(_OTHER, kind=f"camt.{found[1]}.001.{found[2]}")


def _statement(found: etree._Element, space: dict[str, str]) -> Statement:
    opening, closing = _balance(found, space, _OPENING), _balance(found, space, _CLOSING)
    account = _text(found, "c:Acct/c:Id/c:IBAN", space) or _text(
        found, "c:Acct/c:Id/c:Othr/c:Id", space
    )
    currency = _text(found, "c:Acct/c:Ccy", space) or closing[2]
    number = _text(found, "c:ElctrncSeqNb", space) or _text(found, "c:LglSeqNb", space)
    statement = Statement(
        iban=account_number(account),
        currency=currency,
        number=(number.lstrip("0") or _text(found, "c:Id", space))[:35],
        opening_cents=opening[0],
        closing_cents=closing[0],
        opened_on=opening[1],
        closed_on=closing[1],
        movements=tuple(
            movement
            for number, entry in enumerate(found.findall("c:Ntry", space), 1)
            for movement in _movements(entry, space, f"{number:04}", closing[1])
        ),
    )
    statement.check_balances()
    return statement


def _balance(
    found: etree._Element, space: dict[str, str], kinds: tuple[str, ...]
) -> tuple[int, date, str]:
    """Return cents, day and currency of the first balance of one of these kinds."""
    balances = {_text(b, "c:Tp/c:CdOrPrtry/c:Cd", space): b for b in found.findall("c:Bal", space)}
    balance = next((balances[kind] for kind in kinds if kind in balances), None)
    if balance is None:
        raise BankFileError(
            N_(
                "In een uittreksel van dit bestand ontbreekt het begin- of eindsaldo. Vraag je "
                "bank een camt.053 met geboekte saldi (OPBD en CLBD)."
            )
        )
    amount = balance.find("c:Amt", space)
    currency = "" if amount is None else amount.get("Ccy", "")
    day = _day(balance, "c:Dt", space)
    if day is None:
        raise BankFileError(_MALFORMED)
    return _signed(balance, space), day, currency


def _movements(
    entry: etree._Element, space: dict[str, str], position: str, closed_on: date
) -> Iterator[Movement]:
    status = _text(entry, "c:Sts/c:Cd", space) or _text(entry, "c:Sts", space)
    if status != "BOOK":
        return  # announced, not booked: it stands in a later statement
    cents = _signed(entry, space)
    booked_on = _day(entry, "c:BookgDt", space) or closed_on
    value_on = _day(entry, "c:ValDt", space) or booked_on
    details = entry.findall("c:NtryDtls/c:TxDtls", space)
    amounts = [_detail_cents(one, entry, space) for one in details]
    if len(details) < 2 or None in amounts:
        parts = [(cents, details[0] if len(details) == 1 else None)]
    else:
        parts = [(a, d) for a, d in zip(amounts, details, strict=True) if a is not None]
    if sum(part for part, _detail in parts) != cents:
        raise BankFileError(
            N_(
                "In dit bestand tellen de details van een verzamelboeking niet op tot het totaal. "
                "Er is niets geboekt. Vraag het opnieuw op bij je bank."
            )
        )
    for number, (part, detail) in enumerate(parts):
        if part:
            place = f"{position}/{number:04}"
            yield _movement(entry, detail, space, (part, booked_on, value_on, place))


def _detail_cents(
    detail: etree._Element, entry: etree._Element, space: dict[str, str]
) -> int | None:
    """Return the amount of a detail in the currency of the entry; None when it does not say."""
    whole = entry.find("c:Amt", space)
    for path in ("c:Amt", "c:AmtDtls/c:TxAmt/c:Amt"):
        amount = detail.find(path, space)
        if amount is not None and whole is not None and amount.get("Ccy") == whole.get("Ccy"):
            cents = in_cents(Decimal((amount.text or "").strip()))
            sign = _text(detail, "c:CdtDbtInd", space) or _text(entry, "c:CdtDbtInd", space)
            return -cents if sign == "DBIT" else cents
    return None


def _movement(
    entry: etree._Element,
    detail: etree._Element | None,
    space: dict[str, str],
    place: tuple[int, date, date, str],
) -> Movement:
    cents, booked_on, value_on, position = place
    known = entry if detail is None else detail
    side = "Dbtr" if cents > 0 else "Cdtr"
    parties = "c:RltdPties/c:"
    name = _text(known, f"{parties}{side}/c:Pty/c:Nm", space)
    account = f"{parties}{side}Acct/c:Id/c:"
    text = " ".join(" ".join(_texts(known, "c:RmtInf/c:Ustrd", space)).split())
    text = text or " ".join(_text(entry, "c:AddtlNtryInf", space).split())
    structured = _structured(known, space)
    reference = _text(known, "c:Refs/c:AcctSvcrRef", space) or _text(entry, "c:AcctSvcrRef", space)
    return Movement(
        cents=cents,
        booked_on=booked_on,
        value_on=value_on,
        name=" ".join((name or _text(known, f"{parties}{side}/c:Nm", space)).split())[:140],
        iban=account_number(
            _text(known, f"{account}IBAN", space) or _text(known, f"{account}Othr/c:Id", space)
        ),
        ogm=structured or communication.only_ogm_in(text),
        text=text[:1000],
        bank_reference="" if reference in _EMPTY_REFERENCES else reference[:35],
        position=position,
    )


def _structured(known: etree._Element, space: dict[str, str]) -> str:
    """Return the one communication in the structured fields: ISO says SCOR, Belgian banks BBA."""
    path = "c:RmtInf/c:Strd/c:CdtrRefInf/c:Ref"
    found = {communication.ogm(one) for one in _texts(known, path, space)} - {""}
    return found.pop() if len(found) == 1 else ""


def _signed(holder: etree._Element, space: dict[str, str]) -> int:
    cents = in_cents(Decimal(_text(holder, "c:Amt", space)))
    sign = _text(holder, "c:CdtDbtInd", space)
    if sign not in ("CRDT", "DBIT"):
        raise BankFileError(_MALFORMED)
    return -cents if sign == "DBIT" else cents


def _day(holder: etree._Element, path: str, space: dict[str, str]) -> date | None:
    """Return a day; of a moment with a zone, the day it is in Brussels."""
    if day := _text(holder, f"{path}/c:Dt", space):
        return date.fromisoformat(day[:10])
    if moment := _text(holder, f"{path}/c:DtTm", space):
        at = datetime.fromisoformat(moment)
        return at.date() if at.tzinfo is None else clock.local(at).date()
    return None


def _text(holder: etree._Element, path: str, space: dict[str, str]) -> str:
    return (holder.findtext(path, namespaces=space) or "").strip()


def _texts(holder: etree._Element, path: str, space: dict[str, str]) -> list[str]:
    return [(one.text or "").strip() for one in holder.findall(path, space)]
