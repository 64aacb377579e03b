"""Short questions by link: to the referrer some time after, to a parent at the end.

A link works once and ends. An answer knows its family only when the person agreed to that; the
others are only ever seen in sums (`survey_sums`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
    and_,
    case,
    select,
    update,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from portal.accounts import tokens
from portal.core import audit, clock, mail
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError
from portal.core.i18n import N_, speaking
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.referrals import senders
from portal.referrals.choices import Feedback
from portal.referrals.messages import kept_family
from portal.referrals.models import Channel, Family, Referral, Status
from portal.referrals.survey_questions import QUESTIONS, Audience, Moment

PATH = "/vragen/"
ASKED_WITHIN = timedelta(days=30)  # of when it was due: nobody is asked about long ago
NEVER = timedelta(0)
_ACCEPTED = (Status.WAITING, Status.MATCHED, Status.RUNNING, Status.COMPLETED)
OVER = N_("Deze vragen zijn al beantwoord of de link is verlopen.")
NO_EMAIL = N_("Dit gezin gaf geen e-mailadres. Geef de kaart mee op papier.")
NOT_ENDED = N_("De ouder vraag je dit pas als het traject afgerond is.")


class SurveyLink(Identified, Model):
    """A link to the questions, for one person about one family; without when it was used."""

    __tablename__ = "referral_survey_link"
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    audience: Mapped[Audience] = mapped_column(text_enum(Audience))
    moment: Mapped[Moment] = mapped_column(text_enum(Moment))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)
    family: Mapped[Family] = relationship()
    __table_args__ = (UniqueConstraint("family_id", "audience", "moment"),)


class SurveyAnswer(EncryptedColumns, Identified, Model):
    """What somebody answered. `family_id` only when she agreed that the branch sees who it is."""

    __tablename__ = "referral_survey_answer"
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    audience: Mapped[Audience] = mapped_column(text_enum(Audience))
    month: Mapped[date] = mapped_column(Date)
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    family_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    remark = Encrypted[str]()


@dataclass(frozen=True)
class Said:
    """What somebody filled in. scores: 0 to 5 by question; `named`: the branch may see who."""

    scores: dict[str, int]
    remark: str
    named: bool


def find(token: str) -> SurveyLink | None:
    """Return the link while it can be answered; None for a used, expired or made-up one."""
    query = select(SurveyLink).where(_open(token))
    return db.session.scalar(
        query.options(joinedload(SurveyLink.family).joinedload(Family.referral))
    )


def answer(token: str, said: Said) -> None:
    """Keep the answers and spend the link. Raises DomainError when it is over by now."""
    link = find(token)
    spend = update(SurveyLink).where(_open(token)).values(used=True).returning(SurveyLink.id)
    if link is None or db.session.scalar(spend) is None:
        raise DomainError(OVER)
    referral = link.family.referral
    assert referral.branch_id is not None
    kept = SurveyAnswer(
        branch_id=referral.branch_id,
        audience=link.audience,
        month=clock.today().replace(day=1),
        scores={code: said.scores[code] for code in QUESTIONS[link.audience]},
        family_id=link.family_id if said.named else None,
    )
    kept.remark = said.remark
    db.session.add(kept)
    db.session.flush()


def link_for_parent(actor: Actor, referral: Referral) -> str:
    """Return the path of a new link for a parent; the one she had before ends.

    Raises DomainError before the end, when she answered already, or when the family was erased.
    """
    family = kept_family(referral)
    if referral.status != Status.COMPLETED:
        raise DomainError(NOT_ENDED)
    mine = and_(SurveyLink.family_id == family.id, SurveyLink.audience == Audience.PARENT)
    link = db.session.scalar(select(SurveyLink).where(mine))
    if link is not None and link.used:
        raise DomainError(N_("De ouder beantwoordde de vragen al."))
    token, token_hash = tokens.new_token()
    if link is None:
        link = SurveyLink(family_id=family.id, audience=Audience.PARENT, moment=Moment.END)
        link.used = False
        db.session.add(link)
    link.token_hash, link.expires_at = token_hash, clock.now() + days("SURVEY_LINK_DAYS")
    audit.record("referral:ask_parent", referral, actor=actor)
    db.session.flush()
    return PATH + token


def mail_parent(actor: Actor, referral: Referral) -> None:
    """Mail a parent the link; the mail says nothing of the family. Raises DomainError."""
    email = kept_family(referral).identity["email"]
    if not email:
        raise DomainError(NO_EMAIL)
    path = link_for_parent(actor, referral)
    with speaking("nl") as _:
        message = mail.Mail(
            to=email,
            subject=_("Hoe was Home-Start voor jou?"),
            greeting=_("Dag,"),
            paragraphs=[
                _("We willen graag weten hoe je Home-Start vond. Het zijn vier korte vragen."),
                _("Je hoeft niet te antwoorden. De link is van jou alleen en werkt één keer."),
            ],
            button_label=_("Beantwoord de vragen"),
            button_url=path,
            footer=_("Weet je niet waarover dit gaat? Dan hoef je niets te doen."),
        )
    mail.send(message, key=f"survey:{referral.id}:{clock.now():%Y%m%d%H%M%S%f}")


@periodic(timedelta(hours=12))
def ask_referrers() -> int:
    """Mail the referrers whose turn it is; once per moment, and only who may know of it."""
    number = 0
    for moment, setting in _DUE_AFTER.items():
        if days(setting) != NEVER:
            for referral in db.session.scalars(_due(moment, days(setting))).all():
                _ask_referrer(referral, moment)
                number += 1
    return number


_DUE_AFTER = {Moment.DECISION: "SURVEY_DECISION_DAYS", Moment.END: "SURVEY_END_DAYS"}


def _due(moment: Moment, after: timedelta) -> Any:
    asked = select(SurveyLink.id).where(
        SurveyLink.family_id == Family.id,
        SurveyLink.audience == Audience.REFERRER,
        SurveyLink.moment == moment,
    )
    decided = case(
        (Referral.status == Status.DECLINED, Referral.ended_on), else_=Referral.intake_on
    )
    on = Referral.ended_on if moment == Moment.END else decided
    statuses = (Status.COMPLETED,) if moment == Moment.END else (*_ACCEPTED, Status.DECLINED)
    latest = clock.today() - after
    return (
        select(Referral)
        .join(Family)
        .where(
            Referral.channel == Channel.PROFESSIONAL,
            Referral.status.in_(statuses),
            Referral.feedback != Feedback.NONE,
            Referral.referrer_hears,
            Referral.shared,
            on.between(latest - ASKED_WITHIN, latest),
            ~asked.exists(),
        )
        .options(joinedload(Referral.family), joinedload(Referral.guest))
        .order_by(Referral.id)
    )


def _ask_referrer(referral: Referral, moment: Moment) -> None:
    token, token_hash = tokens.new_token()
    assert referral.family is not None
    link = SurveyLink(
        family_id=referral.family.id,
        audience=Audience.REFERRER,
        moment=moment,
        token_hash=token_hash,
        expires_at=clock.now() + days("SURVEY_LINK_DAYS"),
    )
    link.used = False
    db.session.add(link)
    for person in senders.recipients(referral):
        with speaking(person.locale) as _:
            message = mail.Mail(
                to=person.email,
                subject=_("Hoe verliep verwijzing {reference}?").format(
                    reference=referral.reference
                ),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[
                    _("Je verwees een gezin naar Home-Start. Hoe verliep dat voor jou?"),
                    _("Het zijn vier korte vragen. De link werkt één keer, zonder in te loggen."),
                ],
                button_label=_("Beantwoord de vragen"),
                button_url=PATH + token,
                locale=person.locale,
            )
        mail.send(message, key=f"survey:{referral.id}:{moment}")


def _open(token: str) -> ColumnElement[bool]:
    return and_(
        SurveyLink.token_hash == tokens.digest(token),
        SurveyLink.used.is_(False),
        SurveyLink.expires_at > clock.now(),
    )
