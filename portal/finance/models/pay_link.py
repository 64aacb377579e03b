"""The link on an invoice by which anybody who holds it can pay, without signing in."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model
from portal.finance.models.invoice import Invoice


class InvoicePayLink(EncryptedColumns, Identified, Model):
    """One link for one document. The digest finds it; the token itself is sealed, so that a
    reminder and the portal can print the same link again.
    """

    __tablename__ = "invoice_pay_link"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    token = Encrypted[str]()

    invoice: Mapped[Invoice] = relationship()
