"""How often somebody wants mail: each at once, or what waits in one mail a day or a week.

Mails about one's account always go at once. Who asked for one mail a day or a week is spared the
news that her start page tells too; what asks something of her still comes at once, unless she
chose otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, SmallInteger, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core import audit, clock
from portal.core.crypto import keyring
from portal.core.db import Model, db, insert_if_absent, text_enum
from portal.core.i18n import N_
from portal.core.permissions import Actor

SENT_FROM = time(7)  # in Brussels
STOP_PATH = "/mails/stoppen/"
_MONDAY, _FRIDAY = 0, 4


class Rhythm(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"  # on working days
    WEEKLY = "weekly"


RHYTHMS = {
    Rhythm.AT_ONCE: N_("Elke mail meteen"),
    Rhythm.DAILY: N_("Eén mail per werkdag, 's ochtends, met wat op me wacht"),
    Rhythm.WEEKLY: N_("Eén mail per week, met wat op me wacht"),
}
WEEKDAYS = {
    0: N_("maandag"),
    1: N_("dinsdag"),
    2: N_("woensdag"),
    3: N_("donderdag"),
    4: N_("vrijdag"),
}


class MailChoice(Model):
    """What one person chose; nobody's row means everything at once.

    `covered_on`: the last day of which the digest was made, or would have been.
    """

    __tablename__ = "mail_choice"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(text_enum(Rhythm))
    weekday: Mapped[int] = mapped_column(SmallInteger)  # Monday is 0
    urgent_at_once: Mapped[bool]
    covered_on: Mapped[date] = mapped_column(Date)


@dataclass(frozen=True)
class Chosen:
    """How somebody wants mail. weekday: of the weekly digest, Monday is 0."""

    rhythm: Rhythm = Rhythm.AT_ONCE
    weekday: int = _MONDAY
    urgent_at_once: bool = True


@dataclass(frozen=True)
class Due:
    """A digest that is to be made now: whose, of which day, and since when there may be news."""

    account: Account
    on: date
    since: datetime


def of(account_id: int) -> Chosen:
    """Return what somebody chose."""
    return chosen_in(db.session.get(MailChoice, account_id))


def chosen_in(row: MailChoice | None) -> Chosen:
    """Return what a row holds; without one, everything at once."""
    return Chosen(row.rhythm, row.weekday, row.urgent_at_once) if row else Chosen()


def choose(actor: Actor, chosen: Chosen) -> None:
    """Keep what somebody chooses for herself; the first digest is the next one due."""
    _keep(actor.account_id, chosen)
    audit.record(
        "account:choose_mail",
        Account.__tablename__,
        object_id=actor.account_id,
        actor=actor,
        fields={"rhythm", "weekday", "urgent_at_once"},
    )


def stop_token(account_id: int) -> str:
    """Return what a link needs to stop somebody's digests, and can do nothing else with."""
    return f"{account_id:x}-{_proof(account_id)}"


def account_of(token: str) -> int | None:
    """Return whose digests a link stops; None for a made-up one."""
    number, _, proof = token.partition("-")
    try:
        account_id = int(number, 16)
    except ValueError:
        return None
    known = 0 < account_id < 2**63 and proof == _proof(account_id)
    return account_id if known and db.session.get(Account, account_id) else None


def stop(account_id: int) -> None:
    """Go back to mails at once: who presses twice, or later again, changes nothing more."""
    before = of(account_id)
    if before.rhythm == Rhythm.AT_ONCE:
        return
    _keep(account_id, Chosen())
    audit.record(
        "account:stop_digest", Account.__tablename__, object_id=account_id, fields={"rhythm"}
    )


def take_due() -> list[Due]:
    """Return the digests to be made now, each taken once, by whoever asks first."""
    now = clock.now()
    rows = db.session.execute(
        select(MailChoice, Account)
        .join(Account, Account.id == MailChoice.account_id)
        .where(MailChoice.rhythm != Rhythm.AT_ONCE, Account.active)
        .order_by(Account.id)
    ).all()
    found: list[Due] = []
    for row, account in rows:
        before, on = row.covered_on, day_due(row, now)
        take = (
            update(MailChoice)
            .where(MailChoice.account_id == account.id, MailChoice.covered_on < on)
            .values(covered_on=on)
            .returning(MailChoice.account_id)
        )
        if db.session.scalar(take) is not None:
            since = datetime.combine(before, SENT_FROM, clock.BRUSSELS)
            found.append(Due(account, on, since))
    return found


def day_due(chosen: Chosen | MailChoice, now: datetime) -> date:
    """Return the last day on which a digest was to be sent by now, in Brussels."""
    local = clock.local(now)
    day = local.date() if local.time() >= SENT_FROM else local.date() - timedelta(days=1)
    if chosen.rhythm == Rhythm.WEEKLY:
        return day - timedelta(days=(day.weekday() - chosen.weekday) % 7)
    return day - timedelta(days=max(day.weekday() - _FRIDAY, 0))


def _keep(account_id: int, chosen: Chosen) -> None:
    values = {
        "rhythm": chosen.rhythm,
        "weekday": chosen.weekday,
        "urgent_at_once": chosen.urgent_at_once,
        "covered_on": day_due(chosen, clock.now()),
    }
    if not insert_if_absent(MailChoice, account_id=account_id, **values):
        mine = update(MailChoice).where(MailChoice.account_id == account_id)
        db.session.execute(mine.values(**values).execution_options(synchronize_session="fetch"))


def _proof(account_id: int) -> str:
    return keyring().fingerprint(str(account_id).encode(), "stop digest")[:16].hex()
