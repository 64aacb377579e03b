"""What a family lets be done with what is known of it, purpose by purpose, and all it ever said.

A choice is a row that never changes; the latest of each purpose holds. What a family no longer
allows is emptied, not hidden: no page, letter or export can then forget to ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals import rules
from portal.referrals.choices import HEALTH_CODES, Feedback
from portal.referrals.models import Channel, Consent, Family, Referral
from portal.referrals.states import workflow
from portal.referrals.trajectory.forgetting import forget

YES, NO = "yes", "no"


class Purpose(StrEnum):
    """What is asked of a family, each on its own."""

    IDENTITY = "identity"
    SITUATION = "situation"
    HEALTH = "health"
    FEEDBACK = "feedback"


LABELS = {
    Purpose.IDENTITY: N_("Wie ze zijn en hoe ze te bereiken zijn"),
    Purpose.SITUATION: N_("Hun situatie en hun vraag"),
    Purpose.HEALTH: N_("Gezondheid, voor zover nodig"),
    Purpose.FEEDBACK: N_("Wat de verwijzer mag horen"),
}
# Of the sealed situation, what the referrer said of herself; it is not the family's to take back.
_OF_REFERRER = ("function", "phone", "relation", "stays_involved", "wants_feedback")


class ConsentChoice(Identified, Model):
    """One answer for one purpose: `yes` or `no`, or for feedback its level.

    Who wrote it down: an account, a guest, or (neither) the parent herself.
    """

    __tablename__ = "referral_consent_choice"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    answer: Mapped[str] = mapped_column(String(10))
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    given_by: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column(Date)
    manner: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_referral_consent_choice_referral", "referral_id", "id"),)

    @property
    def by_id(self) -> int | None:
        """The account or the guest that wrote it down; None for the parent herself."""
        return self.account_id or self.guest_id


@dataclass(frozen=True)
class Said:
    """How a family let something be known: who of it, when, how, in which language, on which
    version of the text."""

    given_by: str
    given_on: date
    manner: str
    language: str
    text_version: str


def record_first(actor: Actor | None, referral: Referral, consent: Consent) -> None:
    """Keep what a family agreed to when it was referred, purpose by purpose."""
    said = Said(
        consent.given_by,
        consent.given_on,
        consent.manner,
        consent.language,
        consent.text_version,
    )
    first = first_answers(consent.shares_health, consent.feedback, referral.channel)
    record(actor, referral, first, said)


def first_answers(shares_health: bool, feedback: Feedback, channel: Channel) -> dict[Purpose, str]:
    """Return the answers behind the consent of a new referral, of the referrer if there is one."""
    answers = {
        Purpose.IDENTITY: YES,
        Purpose.SITUATION: YES,
        Purpose.HEALTH: YES if shares_health else NO,
    }
    heard = {Purpose.FEEDBACK: str(feedback)} if channel == Channel.PROFESSIONAL else {}
    return answers | heard


def history(referral: Referral) -> list[ConsentChoice]:
    """Return every choice, the latest first."""
    query = select(ConsentChoice).where(ConsentChoice.referral_id == referral.id)
    return list(db.session.scalars(query.order_by(ConsentChoice.id.desc())))


def current(choices: Iterable[ConsentChoice]) -> dict[Purpose, ConsentChoice]:
    """Return the choice that holds for each purpose, of a history."""
    found: dict[Purpose, ConsentChoice] = {}
    for choice in sorted(choices, key=lambda one: one.id):
        found[choice.purpose] = choice
    return {purpose: found[purpose] for purpose in Purpose if purpose in found}


def change(
    actor: Actor | None,
    referral: Referral,
    answers: Mapping[Purpose, str],
    said: Said,
    *,
    health: Iterable[str] = (),
    note: str = "",
) -> None:
    """Keep what a family now says for some purposes, and act on it in the same transaction.

    `actor` None is the parent herself; the branch is told then. `health`: what may be known once
    that is allowed. Raises DomainError when nothing changes, or everything was erased.
    """
    family = referral.family
    if family is None or not referral.shared:
        raise DomainError(N_("De gegevens van dit gezin zijn gewist of de toestemming stopte."))
    if Purpose.IDENTITY in answers:
        raise ValueError("without its identity nothing is left to share: that is withdrawing")
    rules.check_given_on(said.given_on)
    held = current(history(referral))
    changed = {
        purpose: answer
        for purpose, answer in answers.items()
        if purpose not in held or held[purpose].answer != answer
    }
    codes = set(health) & HEALTH_CODES if _holds(Purpose.HEALTH, changed, held) else set()
    if not changed and codes <= set(family.health or ()):
        raise DomainError(N_("Je hebt niets gewijzigd."))
    action = "change_consent" if actor else "family_changes_consent"
    workflow.fire(referral, action, actor, fields={str(one) for one in changed}, note=note)
    record(actor, referral, changed, said)
    _act(referral, family, changed, codes)
    db.session.flush()


def _holds(
    purpose: Purpose, changed: Mapping[Purpose, str], held: Mapping[Purpose, ConsentChoice]
) -> bool:
    now = changed.get(purpose) or (held[purpose].answer if purpose in held else NO)
    return now == YES


def record(
    actor: Actor | None, referral: Referral, answers: Mapping[Purpose, str], said: Said
) -> None:
    """Add the answers of a family to what it said before."""
    for purpose, answer in answers.items():
        db.session.add(
            ConsentChoice(
                referral_id=referral.id,
                purpose=purpose,
                answer=answer,
                text_version=said.text_version,
                language=said.language,
                given_by=said.given_by,
                given_on=said.given_on,
                manner=said.manner,
                account_id=actor.account_id or None if actor else None,
                guest_id=actor.guest_id if actor else None,
                at=clock.now(),
            )
        )


def _act(
    referral: Referral, family: Family, changed: Mapping[Purpose, str], codes: set[str]
) -> None:
    if Purpose.FEEDBACK in changed:
        referral.feedback = Feedback(changed[Purpose.FEEDBACK])
    if changed.get(Purpose.SITUATION) == NO:
        forget_situation(family)
    if changed.get(Purpose.HEALTH) == NO:
        family.health = []
    elif codes:
        family.health = sorted({*(family.health or ()), *codes})


def forget_situation(family: Family) -> None:
    """Empty what a family told of its situation; what keeps a visitor safe stays."""
    told: dict[str, Any] = family.situation or {}
    family.situation = {
        **{name: told[name] for name in _OF_REFERRER if name in told},
        "indicators": [],
        "tasks": [],
        "question": "",
        "strengths": "",
        "other_services": [],
        "at_school": "",
        "referred_before": "",
    }
    forget(family.id)
    risk = bool((family.practical or {}).get("known_risk"))
    family.practical = {"pets": "", "smoking": "", "access": "", "known_risk": risk}
