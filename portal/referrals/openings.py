"""Families on a list whose municipality got a branch: they are told, and may be taken up.

The family agreed to be kept for this, for a year at most. It says yes once more before anything
but its contact is shown; when it says no, what was kept is erased.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from portal.accounts import service as accounts
from portal.core import audit, clock, mail
from portal.core.db import Model, db, insert_if_absent
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, long_date, speaking
from portal.core.jobs import periodic
from portal.core.permissions import Actor, Permission
from portal.core.terms import days
from portal.directory.branches import serving
from portal.directory.models import Branch, BranchArea, Municipality
from portal.referrals import follow, notices, parents, senders
from portal.referrals.choices import GIVEN_BY, GIVEN_BY_HERSELF, MANNERS_TO_BRANCH
from portal.referrals.models import Channel, Family, Referral, Status
from portal.referrals.reference import read
from portal.referrals.states import workflow

TO_REFERRER = (
    N_("Verwijzing {reference}: er is nu een werking"),
    N_("In de gemeente van dit gezin is er nu een Home-Startwerking: {branch}."),
    N_(
        "Het gezin wilde op de lijst blijven. Vraag het of het nog steun wil, en laat het antwoord "
        "weten aan {branch}. Hoe je hen bereikt, staat bij je verwijzing in het portaal."
    ),
)
TO_BRANCH = (
    N_("Er wachten gezinnen op jouw werking"),
    N_("Gezinnen in jullie werkgebied lieten zich op een lijst zetten tot er een werking was."),
    N_("In het portaal zie je wie wacht en tot wanneer we hun gegevens mogen bewaren."),
)
MOST = 8  # on a referrer's start page
SAID_BY = {**GIVEN_BY, **GIVEN_BY_HERSELF}
SAID_HOW = {**MANNERS_TO_BRANCH, "referrer": N_("Aan de verwijzer, die het doorgaf")}


class OpeningNews(Model):
    """That a family on the list was told of one branch; once each."""

    __tablename__ = "referral_opening_news"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    told_at: Mapped[datetime]


@dataclass(frozen=True)
class Listed:
    """A family that waits for a branch, without its data. `until`: the last day it is kept."""

    reference: str
    municipality: str
    since: datetime
    until: date
    herself: bool


@dataclass(frozen=True)
class SaidYes:
    """What a coordinator notes of the family's second yes."""

    on: date
    by: str
    manner: str
    note: str = ""


def waiting_for(actor: Actor) -> list[Listed]:
    """Return the families that wait for this branch, the longest first, in one query."""
    query = (
        select(Referral.reference, Municipality.name, Referral.received_at, Referral.channel)
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .where(Referral.id.in_(_for(actor)))
        .order_by(Referral.received_at, Referral.id)
    )
    return [
        Listed(row.reference, row.name, row.received_at, _until(row.received_at), _herself(row))
        for row in db.session.execute(query)
    ]


def counted_for(actor: Actor) -> ScalarSelect[int]:
    """Return how many families wait for this branch, to select with something else."""
    return select(func.count()).select_from(_for(actor).subquery()).scalar_subquery()


def number_for(actor: Actor) -> int:
    """Return how many families wait for this branch."""
    return db.session.scalar(select(counted_for(actor))) or 0


def to_ask(actor: Actor) -> list[str]:
    """Return which of a referrer's own families got a branch and are to be asked once more."""
    query = (
        select(Referral.reference)
        .join(Family)
        .join(BranchArea, _serves(Referral.municipality_nis))
        .where(_kept(), Referral.visible_to(actor), Referral.written_by(actor))
        .order_by(Referral.received_at, Referral.id)
    )
    return list(db.session.scalars(query.limit(MOST)))


def totals() -> tuple[int, int]:
    """Return how many families are on the list, and of how many a branch serves the place now."""
    served = select(BranchArea.id).where(_serves(Referral.municipality_nis)).exists()
    query = select(func.count(), func.count().filter(served)).select_from(Referral)
    listed, reachable = db.session.execute(query.join(Family).where(_kept())).one()
    return listed, reachable


def listed_in(nis: Any) -> ColumnElement[int]:
    """Return how many families are on the list in a municipality, for each row of a query."""
    query = select(func.count()).select_from(Referral).join(Family)
    return query.where(Referral.municipality_nis == nis, _kept()).scalar_subquery()


def find(actor: Actor, reference: str, *, to_decide: bool = False) -> Referral:
    """Return a referral that waits for this branch. Raises NotFoundError for any other, or none."""
    query = select(Referral).where(
        Referral.reference == (read(reference) or ""), Referral.id.in_(_for(actor))
    )
    query = query.options(
        joinedload(Referral.family),
        joinedload(Referral.consent),
        joinedload(Referral.municipality),
        joinedload(Referral.organisation),
        joinedload(Referral.guest),
    )
    if to_decide:
        query = query.with_for_update(of=Referral).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def open_contact(actor: Actor, reference: str) -> Referral:
    """Return it to show how the family is reached, noted as read; the caller commits first."""
    referral = find(actor, reference)
    audit.record("referral:read_by_branch", referral, actor=actor, fields={"identity"})
    return referral


def until(referral: Referral) -> date:
    """Return the last day a family is kept on the list."""
    return _until(referral.received_at)


def take_up(actor: Actor, referral: Referral, said: SaidYes) -> None:
    """Make a family of the list a referral of this branch, now that it said yes again."""
    _check_day(said.on, referral)
    assert actor.branch_id is not None
    branch = db.session.get_one(Branch, actor.branch_id)
    if workflow.can(referral, "take_up", actor):  # else `fire` refuses, and nothing has changed
        referral.branch = branch
        referral.first_contact_due_on = clock.today() + days("FIRST_CONTACT_DAYS")
    workflow.fire(
        referral,
        "take_up",
        actor,
        fields={"branch_id", "first_contact_due_on"},
        on=said.on,
        note=_told(said),
    )


def leave(actor: Actor, referral: Referral, on: date) -> None:
    """Note that the family no longer wants it; what was kept of it is erased."""
    _check_day(on, referral)
    workflow.fire(referral, "leave_opening", actor, fields={"ended_on"}, on=on)
    follow.erase_family(referral)


@periodic(timedelta(hours=1))
def announce() -> int:
    """Tell the families whose municipality got a branch, once per branch. Returns how many.

    By their referrer; a parent who asked for herself by mail, if she gave an address. The
    coordinators of the branch hear that somebody waits.
    """
    told = select(OpeningNews.referral_id).where(
        OpeningNews.referral_id == Referral.id, OpeningNews.branch_id == BranchArea.branch_id
    )
    query = (
        select(Referral, Branch)
        .join(Family)
        .join(BranchArea, _serves(Referral.municipality_nis))
        .join(Branch, Branch.id == BranchArea.branch_id)
        .where(_kept(), ~told.exists())
        .options(joinedload(Referral.family), joinedload(Referral.guest))
        .order_by(Referral.id)
    )
    branches: dict[int, Branch] = {}
    number = 0
    for referral, branch in db.session.execute(query).unique().all():
        row = {"referral_id": referral.id, "branch_id": branch.id, "told_at": clock.now()}
        if insert_if_absent(OpeningNews, **row):
            _tell(referral, branch)
            branches[branch.id] = branch
            number += 1
    for branch in branches.values():
        _tell_branch(branch)
    return number


def _kept() -> ColumnElement[bool]:
    """Return the condition for who is on the list: agreed to it, not erased, within the term."""
    limit = clock.now() - days("UNSERVED_KEPT_DAYS")
    return and_(Referral.status == Status.NOT_SERVED, Referral.received_at >= limit)


def _serves(nis: Any) -> ColumnElement[bool]:
    return and_(BranchArea.nis == nis, serving(clock.today()))


def _for(actor: Actor) -> Select[int]:
    """Return the query for the ids of who waits for an actor's branch; nobody for who has none."""
    query = (
        select(Referral.id)
        .join(Family)
        .join(BranchArea, _serves(Referral.municipality_nis))
        .where(_kept())
    )
    branch_id = actor.branch_id if actor.can(Permission.REFERRAL_HANDLE) else None
    return query.where(BranchArea.branch_id == (branch_id or 0))


def _until(received_at: datetime) -> date:
    return clock.local(received_at + days("UNSERVED_KEPT_DAYS")).date()


def _herself(row: Any) -> bool:
    return row.channel == Channel.SELF


def _check_day(on: date, referral: Referral) -> None:
    if on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "on")
    if on < clock.local(referral.received_at).date():
        raise DomainError(N_("Deze datum ligt voor de verwijzing."), "on")


def _told(said: SaidYes) -> str:
    """Return the note of the timeline, in Dutch as everything that is stored."""
    agreed = f"Het gezin zei opnieuw ja op {long_date(said.on)}."
    how = f"{SAID_BY[said.by]}. {SAID_HOW[said.manner]}."
    return "\n".join(line for line in (agreed, how, said.note) if line)


def _tell(referral: Referral, branch: Branch) -> None:
    if referral.channel == Channel.SELF:
        parents.tell_opening(referral, branch)
        return
    people = senders.recipients(referral)
    notices.announce(referral, people, TO_REFERRER, key=f"opening:{branch.id}", branch=branch)


def _tell_branch(branch: Branch) -> None:
    for person in accounts.members_of_branch(branch.id):
        if not person.wants_now(urgent=True):
            continue  # her digest says so too
        with speaking(person.locale) as _:
            subject, happened, now = (_(words) for words in TO_BRANCH)
            message = mail.Mail(
                to=person.email,
                subject=subject,
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[happened, now],
                button_label=_("Bekijk wie er wacht"),
                button_url="/verwijzingen/op-de-lijst",
                locale=person.locale,
            )
        moment = f"{clock.now():%Y%m%d%H%M}"
        mail.send(message, key=f"opening:{branch.id}:{moment}:{person.account_id}")
