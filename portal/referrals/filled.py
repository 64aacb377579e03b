"""What a referrer fills in, typed: the shape between the form and the rules."""

from dataclasses import dataclass, field
from datetime import date

from portal.referrals.choices import Feedback


@dataclass(frozen=True)
class Referrer:
    """Who refers, and how she stays involved."""

    function: str
    phone: str
    relation: str
    stays_involved: bool
    wants_feedback: bool


@dataclass(frozen=True)
class ConsentGiven:
    """What the family agreed to."""

    informed: bool
    agrees: bool
    given_by: str
    given_on: date
    manner: str
    language: str
    leaflet_given: bool
    shares_health: bool
    feedback: Feedback
    kept_when_unserved: bool
    secrecy_lines: tuple[str, ...]


@dataclass(frozen=True)
class Identity:
    first_name: str
    last_name: str
    phone: str
    email: str
    contact_mode: str
    call_moment: str


@dataclass(frozen=True)
class Child:
    """`born` is the first day of the month of birth."""

    born: date
    first_name: str = ""


@dataclass(frozen=True)
class Household:
    """`due` is the first day of the month in which a child is expected."""

    adults: int | None  # None: not asked
    children: tuple[Child, ...]
    due: date | None
    language: str
    other_language: str
    interpreter: bool
    online: bool | None


@dataclass(frozen=True)
class Situation:
    indicators: tuple[str, ...]
    tasks: tuple[str, ...]
    question: str
    strengths: str
    other_services: tuple[str, ...] = ()
    at_school: str = ""
    referred_before: str = ""


@dataclass(frozen=True)
class Practical:
    pets: str
    smoking: str
    access: str
    known_risk: bool


@dataclass(frozen=True)
class Submission:
    """Everything of the form, typed. Syntax was checked by the forms; the rules are here."""

    referrer: Referrer
    consent: ConsentGiven
    nis: str
    postcode: str
    identity: Identity
    household: Household
    situation: Situation
    practical: Practical
    crisis: bool = False
    court_measure: bool = False
    health: frozenset[str] = field(default=frozenset())
