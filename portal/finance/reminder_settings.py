"""When reminders go and what they say, since when: dated, corrected by a new row."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance import reminder_texts
from portal.finance.models import ReminderSettings
from portal.finance.reminder_texts import SHIPPED, StepText

LATEST_DAYS = 365
LEAST_BETWEEN_DAYS = 7
MOST_COST_CENTS = 100_000


@dataclass(frozen=True)
class Rules:
    """What is recorded; as shipped until somebody does. See the model."""

    from_on: date = date(2000, 1, 1)
    first_days: int = 7
    second_days: int = 21
    third_days: int = 35
    answer_days: int = 14
    automatic: bool = False
    cost_cents: int = 40_00
    texts: tuple[StepText, ...] = SHIPPED

    def days(self, step: int) -> int:
        """Return how many days after the due day a step may be taken."""
        return (self.first_days, self.second_days, self.third_days)[step - 1]


def in_force(on: date) -> Rules:
    """Return what holds on a day."""
    query = (
        select(ReminderSettings)
        .where(ReminderSettings.replaced_at.is_(None), ReminderSettings.from_on <= on)
        .order_by(ReminderSettings.from_on.desc())
        .limit(1)
    )
    row = db.session.scalar(query)
    return rules_of(row) if row is not None else Rules()


def rules_of(row: ReminderSettings) -> Rules:
    """Return a row as rules."""
    names = [name for name in Rules.__dataclass_fields__ if name != "texts"]
    texts = tuple(StepText(**one) for one in row.texts_json)
    return replace(Rules(texts=texts), **{name: getattr(row, name) for name in names})


def history() -> list[ReminderSettings]:
    """Return every row ever recorded, the latest day first."""
    order = (ReminderSettings.from_on.desc(), ReminderSettings.recorded_at.desc())
    return list(db.session.scalars(select(ReminderSettings).order_by(*order)))


def record(rules: Rules, by: Actor | None) -> ReminderSettings:
    """Record what holds from a day on; what stood there for the same day is replaced.

    Raises DomainError on the field that is not in order.
    """
    _check(rules)
    query = select(ReminderSettings).where(
        ReminderSettings.from_on == rules.from_on, ReminderSettings.replaced_at.is_(None)
    )
    now = clock.now()
    if (earlier := db.session.scalar(query)) is not None:
        earlier.replaced_at = now
        db.session.flush()
    values = {name: getattr(rules, name) for name in Rules.__dataclass_fields__ if name != "texts"}
    texts = [{"subject": one.subject, "body": one.body} for one in rules.texts]
    row = ReminderSettings(
        **values,
        texts_json=texts,
        recorded_by_id=by.account_id if by else None,
        recorded_at=now,
    )
    db.session.add(row)
    audit.record("reminder_settings:record", row, actor=by, fields=[*values, "texts"])
    return row


def _check(rules: Rules) -> None:
    if not 1 <= rules.first_days <= LATEST_DAYS:
        raise DomainError(N_("Kies 1 tot %(days)s dagen."), "first_days", days=LATEST_DAYS)
    gaps = (
        ("second_days", rules.second_days - rules.first_days),
        ("third_days", rules.third_days - rules.second_days),
    )
    for field, gap in gaps:
        if gap < LEAST_BETWEEN_DAYS:
            message = N_("Laat minstens %(days)s dagen tussen twee stappen.")
            raise DomainError(message, field, days=LEAST_BETWEEN_DAYS)
    if rules.third_days > LATEST_DAYS:
        raise DomainError(N_("Kies 1 tot %(days)s dagen."), "third_days", days=LATEST_DAYS)
    if not 1 <= rules.answer_days <= LATEST_DAYS:
        raise DomainError(N_("Kies 1 tot %(days)s dagen."), "answer_days", days=LATEST_DAYS)
    if not 0 <= rules.cost_cents <= MOST_COST_CENTS:
        raise DomainError(N_("Kies een bedrag van 0 tot 1.000 euro."), "cost_cents")
    reminder_texts.check(rules.texts)
