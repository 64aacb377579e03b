"""A partner's own working draft: what it would change, before it proposes that."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models.agreement import Agreement
from portal.agreements.terms import Terms
from portal.core.db import Identified, Model
from portal.core.permissions import Actor, Permission


class CounterDraft(Identified, Model):
    """The counter-proposal a partner is writing, drawn from one version; one per partner.

    The other partners and HSV read it once it is proposed, never before.
    """

    __tablename__ = "agreement_counter_draft"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]  # of the version it was drawn from
    version: Mapped[int] = mapped_column()
    terms_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]

    agreement: Mapped[Agreement] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"),)

    @property
    def terms(self) -> Terms:
        """The terms as this partner would have them."""
        return Terms.from_json(self.terms_json)

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.terms_json = terms.to_json()

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the drafts this person may see: its own organisation's."""
        if not actor.can(Permission.AGREEMENT_NEGOTIATE) or actor.organisation_id is None:
            return false()
        return cls.organisation_id == actor.organisation_id
