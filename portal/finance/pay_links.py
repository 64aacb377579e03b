"""Links to pay an invoice: made when it is issued, printed on it, good for anybody who has one.

Of 130 random bits, in letters and digits that survive being typed over from paper.
"""

import secrets

from sqlalchemy import select

from portal.accounts import tokens
from portal.core import clock, terms
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.references import ALPHABET, MISREAD
from portal.finance.models import Invoice, InvoicePayLink

PATH = "/betalen/"
LENGTH = 26


def make(invoice: Invoice) -> str:
    """Make the link of a document being issued; return its address, "" for a credit note."""
    if invoice.kind.credits:
        return ""
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)).lower()
    link = InvoicePayLink(
        invoice_id=invoice.id, token_hash=tokens.digest(token), created_at=clock.now()
    )
    link.token = token
    db.session.add(link)
    return _address(PATH + token)


def find(token: str) -> Invoice:
    """Return the document of a link, however it was typed. Raises NotFoundError."""
    typed = token.upper().translate(MISREAD).lower()
    query = select(Invoice).join(InvoicePayLink, InvoicePayLink.invoice_id == Invoice.id)
    found = db.session.scalar(query.where(InvoicePayLink.token_hash == tokens.digest(typed)))
    if found is None:
        raise NotFoundError()
    return found


def path_of(invoice: Invoice) -> str:
    """Return the path of the link of an issued document; "" when it has none."""
    query = select(InvoicePayLink).where(InvoicePayLink.invoice_id == invoice.id)
    link = db.session.scalar(query)
    return PATH + link.token if link else ""


def url_of(invoice: Invoice) -> str:
    """Return the whole address of the link of an issued document; "" when it has none."""
    path = path_of(invoice)
    return _address(path) if path else ""


def _address(path: str) -> str:
    return terms.text("BASE_URL") + path
