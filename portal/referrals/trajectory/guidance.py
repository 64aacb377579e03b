"""Where a family was led to: sport, culture, youth, services. Never a name of a person."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral
from portal.referrals.steps import check_day, take


class Sector(StrEnum):
    SPORT = "sport"
    CULTURE = "culture"
    YOUTH = "youth"
    NEIGHBOURHOOD = "neighbourhood"
    PARENTS = "parents"
    DUTCH = "dutch"
    CHILDCARE = "childcare"
    SCHOOL = "school"
    RIGHTS = "rights"
    HEALTH = "health"
    HOUSING = "housing"
    WORK = "work"
    OTHER = "other"


class Audience(StrEnum):
    CHILDREN = "children"
    PARENTS = "parents"
    FAMILY = "family"


class Manner(StrEnum):
    INFORMED = "informed"
    CONTACT = "contact"
    ALONG = "along"
    ENROLLED = "enrolled"


class Result(StrEnum):
    OPEN = "open"
    TAKES_PART = "takes_part"
    WAITING_LIST = "waiting_list"
    FAILED = "failed"


SECTORS = {
    Sector.SPORT: N_("Sport"),
    Sector.CULTURE: N_("Cultuur en bibliotheek"),
    Sector.YOUTH: N_("Jeugd: jeugdbeweging, speelplein, spel"),
    Sector.NEIGHBOURHOOD: N_("Buurtwerk, ontmoetingsplaats"),
    Sector.PARENTS: N_("Oudergroep, Huis van het Kind"),
    Sector.DUTCH: N_("Nederlandse les"),
    Sector.CHILDCARE: N_("Kinderopvang"),
    Sector.SCHOOL: N_("School of CLB"),
    Sector.RIGHTS: N_("OCMW, rechten en administratie"),
    Sector.HEALTH: N_("Gezondheid en welzijn"),
    Sector.HOUSING: N_("Wonen"),
    Sector.WORK: N_("Werk en opleiding"),
    Sector.OTHER: N_("Iets anders"),
}
AUDIENCES = {
    Audience.CHILDREN: N_("Een of meer kinderen"),
    Audience.PARENTS: N_("Een of beide ouders"),
    Audience.FAMILY: N_("Het hele gezin"),
}
MANNERS = {
    Manner.INFORMED: N_("Getoond of verteld wat er is"),
    Manner.CONTACT: N_("Samen contact genomen"),
    Manner.ALONG: N_("Samen naartoe gegaan"),
    Manner.ENROLLED: N_("Samen ingeschreven of aangevraagd"),
}
RESULTS = {
    Result.OPEN: N_("Nog niet geweten"),
    Result.TAKES_PART: N_("Neemt deel of wordt geholpen"),
    Result.WAITING_LIST: N_("Staat op een wachtlijst"),
    Result.FAILED: N_("Ging niet door"),
}


class Guidance(EncryptedColumns, Identified, Model):
    """Once that a family was led somewhere. It hangs on the sealed family, erased with it."""

    __tablename__ = "referral_guidance"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date] = mapped_column("on_date", Date)
    sector: Mapped[Sector] = mapped_column(text_enum(Sector))
    audience: Mapped[Audience] = mapped_column(text_enum(Audience))
    manner: Mapped[Manner] = mapped_column(text_enum(Manner))
    result: Mapped[Result] = mapped_column(text_enum(Result))
    result_on: Mapped[date | None] = mapped_column(Date)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    offer = Encrypted[str]()


@dataclass(frozen=True)
class Led:
    """What is filled in. `offer`: which club, house or service."""

    on: date
    sector: Sector
    audience: Audience
    manner: Manner
    result: Result = Result.OPEN
    offer: str = ""


def note(actor: Actor, referral: Referral, led: Led) -> Guidance:
    """Keep where a family was led to. Raises DomainError."""
    family = kept_family(referral)
    check_day(led.on, referral)
    take(actor, referral, "note_guidance", {}, sealed={"guidance"}, on=led.on)
    made = Guidance(
        referral_id=referral.id,
        family_id=family.id,
        on=led.on,
        sector=led.sector,
        audience=led.audience,
        manner=led.manner,
        result=led.result,
        account_id=actor.account_id,
        at=clock.now(),
    )
    made.offer = led.offer
    db.session.add(made)
    return made


def settle(actor: Actor, referral: Referral, guidance: Guidance, result: Result, on: date) -> None:
    """Note what came of it. Raises DomainError when that is what stood there."""
    check_day(on, referral)
    if on < guidance.on:
        raise DomainError(N_("Deze datum ligt voor de toeleiding."), "on")
    if result == guidance.result:
        raise DomainError(N_("Dat staat er al."), "result")
    take(actor, referral, "settle_guidance", {}, sealed={"guidance"}, on=on)
    guidance.result, guidance.result_on = result, on


def of(referral: Referral) -> list[Guidance]:
    """Return where a family was led to, the latest first."""
    query = select(Guidance).where(Guidance.referral_id == referral.id)
    return list(db.session.scalars(query.order_by(Guidance.on.desc(), Guidance.id.desc())))


def find(referral: Referral, guidance_id: int) -> Guidance:
    """Return one of this referral. Raises NotFoundError."""
    found = db.session.get(Guidance, guidance_id)
    if found is None or found.referral_id != referral.id:
        raise NotFoundError
    return found
