"""What a parent sees on her page: what is kept and why, never what she told word for word.

Somebody else in the house may have found the letter. So the page shows kinds of data, the last
digits of the telephone number, and where her question stands; a copy is given in person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals import consents, reading, texts, withdrawal
from portal.referrals.consents import YES, Purpose
from portal.referrals.day_names import written_day
from portal.referrals.marks import plain_phone
from portal.referrals.models import Referral
from portal.referrals.text_kinds import LANGUAGE_NAMES, direction
from portal.referrals.text_rules import fill

_SHOWN_DIGITS = 2


@dataclass(frozen=True)
class Words:
    """The words of a page in one language."""

    language: str
    phrases: Mapping[str, str]

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages a parent can choose, each by its own name."""
        return [(code, LANGUAGE_NAMES[code]) for code in texts.page_languages()]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its places filled in; days in this language."""
        written = {
            name: written_day(value, self.language) if isinstance(value, date) else str(value)
            for name, value in values.items()
        }
        return fill(self.phrases[key], written)


@dataclass(frozen=True)
class Page:
    """What stands on the page, a list of sentences for each question."""

    status: list[str]
    kept: list[str]
    why: list[str]
    who: list[str]
    until: list[str]
    now: dict[str, object] = field(default_factory=dict)
    may_choose: bool = True


def words(language: str) -> Words:
    """Return the words in a language the page has, else in Dutch."""
    return Words(*texts.phrases(language))


def of(referral: Referral, said: Words) -> Page:
    """Return what a parent may see of what is kept of her family."""
    held = consents.current(consents.history(referral))
    now: dict[str, object] = {
        "situation": _holds(held, Purpose.SITUATION),
        "health": _holds(held, Purpose.HEALTH),
        "feedback": referral.feedback,
    }
    return Page(
        status=[said.say(f"status.{referral.status}")],
        kept=_kept(referral, said),
        why=[said.say("why.text", day=referral.consent.given_on)] if referral.consent else [],
        who=_who(referral, said),
        until=_until(referral, said),
        now=now,
        may_choose=referral.shared,
    )


def _holds(held: Mapping[Purpose, consents.ConsentChoice], purpose: Purpose) -> bool:
    return purpose in held and held[purpose].answer == YES


def _kept(referral: Referral, said: Words) -> list[str]:
    family = referral.family
    if family is None:
        return []
    found = [said.say("kept.identity")]
    phone = plain_phone(family.identity["phone"] or "")
    if phone:
        found.append(said.say("kept.phone", digits=phone[-_SHOWN_DIGITS:]))
    found.append(said.say("kept.household"))
    situation = family.situation
    if situation["question"] or situation["indicators"] or situation["tasks"]:
        found.append(said.say("kept.situation"))
    if family.health:
        found.append(said.say("kept.health"))
    if referral.matches:
        found.append(said.say("kept.volunteer"))
    if family.told_erased_at is None:
        found.append(said.say("kept.talk"))
    return [*found, said.say("kept.why_not")]


def _who(referral: Referral, said: Words) -> list[str]:
    branch = referral.branch.name if referral.branch else "Home-Start"
    number, last = db.session.execute(
        select(func.count(), func.max(AuditEvent.at)).where(
            AuditEvent.object_type == Referral.__tablename__,
            AuditEvent.object_id == str(referral.id),
            AuditEvent.action == reading.READ_BY_BRANCH,
        )
    ).one()
    opened = said.say("who.read", number=number, day=last.date()) if last else said.say("who.none")
    found = [said.say("who.branch", branch=branch), opened]
    if referral.sender_id is not None and referral.shared:
        found.append(said.say("who.referrer"))
    return [*found, said.say("who.municipality")]


def _until(referral: Referral, said: Words) -> list[str]:
    told, last = withdrawal.kept_until(referral)
    if told is None or last is None:
        return [said.say("until.open")]
    if told == last:
        return [said.say("until.all", day=last)]
    return [said.say("until.told", day=told, last=last)]
