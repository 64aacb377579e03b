"""Files of a bank, read: CODA and camt.053 in, plain statements out. Nothing here books."""

from portal.finance.banking.reading import BankFormat, Reading, read
from portal.finance.banking.statements import BankFileError, Movement, Statement

__all__ = ["BankFileError", "BankFormat", "Movement", "Reading", "Statement", "read"]
