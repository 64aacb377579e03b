"""A midwife who refers without an account, and parents who ask for themselves."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portal.accounts import guest_accounts, guests
from portal.accounts.guest_models import Guest
from portal.core import clock
from portal.core.db import db
from portal.directory import areas
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch
from portal.directory.municipalities import resolve
from portal.referrals.choices import GIVEN_BY_SELF, MANNER_ONLINE, SECRECY_LINES, Feedback
from portal.referrals.filled import (
    Child,
    ConsentGiven,
    Household,
    Identity,
    Practical,
    Referrer,
    Situation,
    Submission,
)
from portal.referrals.submission import submit


class Asking(NamedTuple):
    """A family and what it asks; the age of its child in months."""

    nis: str
    postcode: str
    first_name: str
    last_name: str
    language: str
    months: int
    tasks: tuple[str, ...]
    question: str


PARENTS = (
    Asking(
        *("46021", "9100", "Fatima", "Bensalah", "ar", 9, ("rest", "listening")),
        "Ik ben veel alleen met de kleine. Ik zou graag eens met iemand praten.",
    ),
    Asking(
        *("46021", "9100", "Jolien", "Van Damme", "nl", 30, ("play", "leisure")),
        "We zijn pas verhuisd en kennen hier niemand.",
    ),
    Asking("46025", "9140", "Oksana", "Bondar", "uk", 50, ("paperwork", "services"), ""),
)
FAMILIES = (
    Asking("46025", "9140", "Sara", "Claes", "nl", 1, ("rest",), "Graag hulp na de bevalling."),
    Asking("46029", "9160", "Mirela", "Popescu", "ro", 3, ("way",), "Waar vind ik opvang?"),
)
# Where there was no branch when they asked; Waasland serves the place from today.
LISTED = (
    Asking("46020", "9170", "Ilse", "Verbeke", "nl", 7, ("rest",), "We missen mensen om ons heen."),
    Asking("46020", "9170", "Samira", "Haddad", "ar", 20, ("play",), "Iemand om mee te spelen."),
)
LISTED_BRANCH = "Home-Start Waasland"
NUMBER = len(PARENTS) + len(FAMILIES) + len(LISTED)


def build() -> None:
    """Store the guest with what she sent, what parents sent, and who waited for a branch."""
    guest = Guest(
        email="lotte@portal.test",
        name="Lotte Vermeire",
        function="Vroedvrouw",
        phone="0499 00 11 22",
        organisation_name="Vroedvrouw aan huis Lotte Vermeire",
        organisation_kind=OrganisationKind.VROEDVROUW,
    )
    db.session.add(guest)
    db.session.flush()
    actor = guests.actor_of(guest)
    for family in FAMILIES:
        submit(actor, _submission(family, given_by="mother"))
    guest_accounts.ask(actor)
    for family in PARENTS:
        submit(None, _submission(family, given_by=GIVEN_BY_SELF))
    first, second = LISTED
    submit(actor, _submission(first, given_by="mother", kept=True))
    submit(None, _submission(second, given_by=GIVEN_BY_SELF, kept=True))
    branch = db.session.scalars(select(Branch).where(Branch.name == LISTED_BRANCH)).one()
    areas.add_municipality(branch, first.nis, clock.today(), None)


def _submission(family: Asking, *, given_by: str, kept: bool = False) -> Submission:
    oneself = given_by == GIVEN_BY_SELF
    today = clock.today()
    place = resolve(family.nis, family.postcode)
    return Submission(
        referrer=Referrer("" if oneself else "Vroedvrouw", "0499 00 11 22", "regular", True, True),
        consent=ConsentGiven(
            informed=True,
            agrees=True,
            given_by=given_by,
            given_on=today,
            manner=MANNER_ONLINE if oneself else "spoken",
            language="nl",
            leaflet_given=not oneself,
            shares_health=False,
            feedback=Feedback.OUTCOME,
            kept_when_unserved=kept,
            secrecy_lines=() if oneself else tuple(SECRECY_LINES),
        ),
        nis=place.nis,
        postcode=family.postcode,
        identity=Identity(
            family.first_name,
            family.last_name,
            "0499 00 33 44",
            "",
            "may_call",
            "op weekdagen voor 15 uur",
        ),
        household=Household(
            adults=None if oneself else 2,
            children=(Child(_month(today, family.months)),),
            due=None,
            language=family.language,
            other_language="",
            interpreter=family.language != "nl",
            online=None if oneself else True,
        ),
        situation=Situation(
            indicators=(), tasks=family.tasks, question=family.question, strengths=""
        ),
        practical=Practical("", "", "", False) if oneself else Practical("no", "no", "", False),
    )


def _month(today: date, months: int) -> date:
    return (today - timedelta(days=30 * months)).replace(day=1)
