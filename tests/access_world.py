"""Two of everything, for the access matrix: what is yours, what is another's, what is not there.

An endpoint with arguments the world does not know fails the matrix, so that no new page goes
untested: add what it needs to `arguments`.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.accounts import guests
from portal.accounts import service as accounts
from portal.accounts.guest_models import Guest
from portal.accounts.models import Account, Invitation, SignInSession
from portal.core import clock, guard
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.directory.models import Branch, Organisation
from portal.directory.reference import load_reference
from portal.referrals import attachments, drafts
from portal.referrals.attachments import Attachment
from portal.referrals.models import Draft, Referral
from portal.referrals.takeover import pending
from portal.referrals.takeover.pending import PendingList
from portal.referrals.trajectory.evaluations import Evaluation
from portal.referrals.trajectory.guidance import Guidance
from portal.referrals.trajectory.half_days import HalfDay
from tests import make
from tests.accounts import make_guest
from tests.agreements import access as agreements
from tests.agreements.access import Asked
from tests.core.files import PNG
from tests.finance import access as finance
from tests.finance.access import Billed
from tests.referrals import make_list
from tests.referrals.make_referral import kept_on_list, submitted
from tests.referrals.trajectory_world import evaluation, half_day, led

GENT, LEUVEN = "44021", "24062"
# Beside each, a municipality that got its branch later.
LISTED_IN = {GENT: ("41002", "9300"), LEUVEN: ("31005", "8000")}
MISSING_ID = 7
# Whose budget is whose is tests/finance/test_budget_access.py's; here nobody has any.
BUDGET_PARTS = ("year", "line_id", "booking_id", "document_id", "import_id", "statement_id")

Person = Account | Guest | None


@dataclass
class Side:
    """One organisation, one branch, who works there, and a family between them."""

    organisation: Organisation
    branch: Branch
    referrer: Account
    coordinator: Account
    referral: Referral
    draft: Draft
    attachment: Attachment
    half_day: HalfDay
    pending_list: PendingList
    listed: Referral  # kept on the list until the branch opened there
    evaluation: Evaluation
    guidance: Guidance


@dataclass
class Visit:
    """Somebody without account, and what is hers."""

    guest: Guest
    referral: Referral
    draft: Draft
    attachment: Attachment


@dataclass
class World:
    own: Side
    other: Side
    guest: Visit
    other_guest: Visit
    asked: Asked
    people: dict[str, Account] = field(default_factory=dict)
    invitation: Invitation | None = None
    billed: Billed | None = None

    def arguments(self, endpoint: str, whose: str, who: Person) -> dict[str, Any]:
        """Return the values of the arguments of an address; `whose`: own, other or missing."""
        side = self.other if whose == "other" else self.own
        visit = self.other_guest if whose == "other" else self.guest
        hers = visit if isinstance(who, Guest) else side
        missing = whose == "missing"
        invitation, billed = self.invitation, self.billed
        assert invitation is not None
        assert billed is not None
        return {
            "reference": "V-0000-0000" if missing else self._reference(endpoint, side, hers),
            "draft_id": MISSING_ID if missing else hers.draft.id,
            "attachment_id": MISSING_ID if missing else hers.attachment.id,
            "half_day_id": MISSING_ID if missing else side.half_day.id,
            "list_id": MISSING_ID if missing else side.pending_list.id,
            "evaluation_id": MISSING_ID if missing else side.evaluation.id,
            "guidance_id": MISSING_ID if missing else side.guidance.id,
            "session_id": MISSING_ID if missing else self._session(side, who, whose),
            "organisation_id": side.organisation.id,
            "guest_id": self.guest.guest.id,
            "slug": side.branch.slug,
            "area_id": side.branch.areas[0].id,
            "nis": GENT,
            "account_id": side.referrer.id,
            "membership_id": side.referrer.memberships[0].id,
            "invitation_id": invitation.id,
            "action": "plan_intake",
            "step": "gezin",
            "token": "geen-geldige-link",
            "filename": "css/bootstrap.min.css" if "bootstrap" in endpoint else "portal.css",
            "code": "0000-0000-0000",
            "request_id": MISSING_ID,
            "text_kind": "letter",
            "text_number": 1,
            "language": "fr",
            "message_id": MISSING_ID,
            "name": "gezin",
            **dict.fromkeys(BUDGET_PARTS, MISSING_ID),
            "form": "pdf",
            **self.asked.arguments(endpoint, whose, _acting(who)),
            **billed.arguments(endpoint, whose, who),
        }

    @staticmethod
    def _reference(endpoint: str, side: Side, hers: "Side | Visit") -> str:
        of_list = endpoint == "referrals.take_up"
        return (side.listed if of_list else hers.referral).reference

    def _session(self, side: Side, who: Person, whose: str) -> int:
        owner = side.coordinator if whose == "other" or who is None else who
        query = select(SignInSession.id).where(SignInSession.account_id == owner.id)
        return db.session.scalars(query).first() or MISSING_ID


# Arguments that say whose an object is; with one of these, another's must look like nobody's.
SCOPED = frozenset(
    {"reference", "draft_id", "session_id", "list_id", "material_id", "signatory_id"}
)


def build() -> World:
    """Store two sides and one person per role; everybody of the first side is `own`."""
    load_reference(db.session())
    db.session.commit()
    own, other = _side("caw", GENT), _side("clb", LEUVEN)
    visits = _visit(own, "lien@wieg.example"), _visit(other, "an@wieg.example")
    world = World(own, other, *visits, agreements.build())
    world.people = {"referrer": own.referrer, "coordinator": own.coordinator, **world.asked.people}
    for role in Role:
        if str(role) not in world.people:
            world.people[str(role)] = make.membership(role).account
    contact = make.actor(world.people[str(Role.PARTNER_FINANCE)])
    paying = db.session.get_one(Organisation, contact.organisation_id)
    world.billed = finance.build(world.people[str(Role.PARTNER_FINANCE)], paying)
    world.people["nobody"] = make.account(name="Zonder Rol")
    world.asked.signatories = agreements.ask_to_sign(world.people.values())
    by = make.actor(world.people[str(Role.ADMINISTRATOR)])
    world.invitation = accounts.invite(
        by,
        email="nieuw@werk.example",
        name="Nieuwe Collega",
        role=Role.REFERRER,
        organisation=own.organisation,
    )
    db.session.commit()
    return world


def _side(kind: str, nis: str) -> Side:
    organisation = make.organisation(kind)
    branch = make.branch([nis])
    referrer = make.referrer(organisation)
    coordinator = make.coordinator(branch)
    actor: Actor = make.actor(referrer)
    referral = submitted(branch, actor)
    draft = drafts.begin(actor)
    attachment = attachments.add(actor, referral, PNG, "tekening.png")
    pending_list = pending.upload(make.actor(coordinator), make_list.csv_of(make_list.family()))
    listed = kept_on_list(branch, actor, *LISTED_IN[nis])
    db.session.commit()
    return Side(
        *(organisation, branch, referrer.account, coordinator.account),
        *(referral, draft, attachment, half_day(referral, make.actor(coordinator))),
        *(pending_list, listed),
        evaluation(referral, make.actor(coordinator)),
        led(referral, make.actor(coordinator)),
    )


def _visit(side: Side, email: str) -> Visit:
    guest = make_guest.guest(email, asked_account_at=clock.now())
    actor = guests.actor_of(guest)
    referral = submitted(side.branch, actor)
    draft = drafts.begin(actor)
    attachment = attachments.add(actor, referral, PNG, "tekening.png")
    db.session.commit()
    return Visit(guest, referral, draft, attachment)


def _acting(who: Person) -> Actor | None:
    return make.actor(who) if isinstance(who, Account) else None


def may(app: Any, endpoint: str, who: Person) -> bool | None:
    """Say what the policy says: None for a public page, else whether this person's role may."""
    needed = guard.needed(app, endpoint)
    if needed is None:
        return None
    if isinstance(who, Guest):
        return guests.actor_of(who).can(needed)
    return who is not None and make.actor(who).can(needed)
