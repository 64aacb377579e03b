"""Words and rules that hold from a day, because laws are renumbered and insights change."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Identified, Model


class DatedText(Identified, Model):
    """What replaces a shipped wording or rule from a day on: the newest from_on on a day counts,
    of the same day the last one recorded. The database refuses every change to these rows.

    topic, key: which one, see `dated_texts`. text: the wording; of a signing rule the capacities,
    one a line. source: where it was looked up.
    """

    __tablename__ = "dated_text"
    topic: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))
    from_on: Mapped[date] = mapped_column(Date)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    __table_args__ = (Index("ix_dated_text_topic", "topic", "key", "from_on"),)
