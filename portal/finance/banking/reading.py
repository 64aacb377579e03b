"""A bank file by its content: which format it is, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import N_
from portal.finance.banking import camt053, coda
from portal.finance.banking.statements import BankFileError, Statement

MAX_BYTES = 5 * 1024 * 1024


class BankFormat(StrEnum):
    """How a bank wrote a file."""

    CODA = "coda"
    CAMT053 = "camt053"

    @property
    def label(self) -> str:
        """Return what it is called."""
        return {BankFormat.CODA: "CODA", BankFormat.CAMT053: "camt.053"}[self]


@dataclass(frozen=True)
class Reading:
    """What one file says."""

    format: BankFormat
    statements: Sequence[Statement]


def read(data: bytes) -> Reading:
    """Return what a file says. Raises BankFileError; its name and extension count for nothing."""
    if not data.strip():
        raise BankFileError(N_("Het bestand is leeg."))
    if len(data) > MAX_BYTES:
        raise BankFileError(
            N_("Het bestand is groter dan 5 MB. Vraag je bank bestanden van een kortere periode.")
        )
    if coda.is_coda(data):
        found = Reading(BankFormat.CODA, coda.read(data))
    elif camt053.is_xml(data):
        found = Reading(BankFormat.CAMT053, camt053.read(data))
    else:
        raise BankFileError(
            N_("Dit is geen bankbestand dat we kennen. Vraag je bank om CODA of camt.053.")
        )
    if not found.statements:
        raise BankFileError(N_("In dit bestand staat geen enkel rekeninguittreksel."))
    return found
