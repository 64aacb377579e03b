"""Who HSV is on an invoice since when, and how each partner wants its invoices."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Identified, Model, text_enum
from portal.core.i18n import N_
from portal.directory.models import Organisation


class VatCategory(StrEnum):
    """The codes of UNCL5305 that HSV may use; which one is its accountant's to say."""

    EXEMPT = "E"
    OUTSIDE = "O"


class Channel(StrEnum):
    """A way an invoice reaches a partner."""

    PEPPOL = "peppol"
    EMAIL = "email"
    DOWNLOAD = "download"


CHANNEL_LABELS = {
    Channel.PEPPOL: N_("Via Peppol"),
    Channel.EMAIL: N_("Per e-mail"),
    Channel.DOWNLOAD: N_("Klaargezet in het portaal"),
}


class InvoicingSettings(Identified, Model):
    """HSV on its invoices, from a day on. Corrected by a new row, never changed."""

    __tablename__ = "invoicing_settings"
    from_on: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(160))
    street: Mapped[str] = mapped_column(String(120))
    postcode: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(80))
    kbo: Mapped[str] = mapped_column(String(10))
    register: Mapped[str] = mapped_column(String(80), default="")  # "RPR Leuven"
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    iban: Mapped[str] = mapped_column(String(34))
    bic: Mapped[str] = mapped_column(String(11))
    invoice_prefix: Mapped[str] = mapped_column(String(6))
    claim_prefix: Mapped[str] = mapped_column(String(6))
    vat_category: Mapped[VatCategory] = mapped_column(text_enum(VatCategory))
    exemption_code: Mapped[str] = mapped_column(String(30), default="")
    exemption_text: Mapped[str] = mapped_column(Text)
    term_days: Mapped[int]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_invoicing_settings_current",
            "from_on",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )


class InvoicingDetails(Model):
    """How one organisation wants its invoices. Without a row: what the directory knows."""

    __tablename__ = "invoicing_details"
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column()
    peppol_id: Mapped[str] = mapped_column(String(60), default="")  # "0208:0207451227"
    buyer_reference: Mapped[str] = mapped_column(String(60), default="")
    order_number: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    channel: Mapped[Channel | None] = mapped_column(text_enum(Channel))  # None: the best one
    term_days: Mapped[int | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def id(self) -> int:
        """Whose they are, which is what the audit trail calls them by."""
        return self.organisation_id


class OrderNumber(Identified, Model):
    """The order number a partner wants on the invoices of one agreement."""

    __tablename__ = "invoicing_order_number"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    order_number: Mapped[str] = mapped_column(String(60))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("organisation_id", "agreement_id"),)
