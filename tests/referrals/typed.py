"""What somebody types on each step of the referral form, and walking through it."""

from typing import Any

from portal.core import clock
from portal.referrals.choices import SECRECY_LINES
from tests.browser import Browser, Page

STEPS = ("instemming", "gezin", "vraag", "praktisch")


def consent(**other: Any) -> dict[str, Any]:
    return {
        "crisis": "nee",
        "court_measure": "nee",
        "function": "vroedvrouw",
        "phone": "0470 11 22 33",
        "relation": "guidance",
        "stays_involved": "ja",
        "informed": "y",
        "agrees": "y",
        "given_by": "mother",
        "given_on": clock.today().isoformat(),
        "manner": "spoken",
        "language": "nl",
        "leaflet_given": "ja",
        "shares_health": "ja",
        "feedback": "outcome",
        "wants_feedback": "ja",
        **other,
    }


def family(**other: Any) -> dict[str, Any]:
    return {
        "municipality": "9000 Gent",
        "first_name": "Nadia",
        "last_name": "Şahin",
        "contact_mode": "may_call",
        "phone": "0470 99 88 77",
        "call_moment": "weekdagen voor 15 uur",
        "email": "nadia@familie.example",
        "adults": "1",
        "children-0-first_name": "Łukasz",
        "children-0-month": "3",
        "children-0-year": str(clock.today().year - 2),
        "pregnant": "nee",
        "language": "tr",
        "interpreter": "nee",
        "online": "ja",
        **other,
    }


def request(**other: Any) -> dict[str, Any]:
    return {
        "indicators": ["single_parent", "small_network"],
        "health": ["mental"],
        "upbringing": ["rest", "listening"],
        "network": ["leisure"],
        "question": "Ik zou graag eens op adem komen.",
        "strengths": "Een warme band met haar zoontje.",
        "other_services": ["kind_en_gezin"],
        **other,
    }


def practical(**other: Any) -> dict[str, Any]:
    return {
        "at_school": "no",
        "referred_before": "unknown",
        "pets": "no",
        "smoking": "no",
        "access": "tweede bel",
        "known_risk": "nee",
        **other,
    }


def lines(*left_out: str) -> dict[str, list[str]]:
    return {"secrecy_lines": [code for code in SECRECY_LINES if code not in left_out]}


_TYPED = {"instemming": consent, "gezin": family, "vraag": request, "praktisch": practical}


def begin(browser: Browser, **typed: Any) -> int:
    """Fill in the first step of a new referral; returns the draft's id."""
    answer = browser.submit(browser.get("referrals.start"), "referrals.start", consent(**typed))
    assert answer.status == 303, answer.errors
    return draft_id(answer)


def draft_id(answer: Page) -> int:
    """The draft a redirect leads to."""
    return int(answer.location.split("/")[3])


def save(browser: Browser, draft: int, step: str, typed: dict[str, Any]) -> Page:
    """Fill in a step as its page has it now."""
    page = browser.get("referrals.step", draft_id=draft, name=step)
    return browser.submit(page, "referrals.step", typed, draft_id=draft, name=step)


def up_to_check(browser: Browser, **typed: dict[str, Any]) -> int:
    """Fill in every step, with other answers for some: `gezin={"phone": …}`."""
    draft = begin(browser, **typed.get("instemming", {}))
    for step in STEPS[1:]:
        answer = save(browser, draft, step, _TYPED[step](**typed.get(step, {})))
        assert answer.status == 303, (step, answer.errors)
    return draft


def send(browser: Browser, draft: int, typed: dict[str, Any] | None = None) -> Page:
    """Confirm the lines and send."""
    page = browser.get("referrals.check", draft_id=draft)
    answers = lines() if typed is None else typed
    return browser.submit(page, "referrals.check", answers, draft_id=draft)


def of(step: str) -> dict[str, Any]:
    """Sound answers for a step."""
    return _TYPED[step]()
