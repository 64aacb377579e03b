"""A midwife without account: what she fills in, and how she gets in."""

from typing import Any

from portal.accounts import guests
from portal.accounts.guest_models import Guest
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.directory.kinds import OrganisationKind
from tests.browser import Browser, Page

EMAIL = "lien@dewieg.example"


def filled(**other: Any) -> dict[str, Any]:
    """What she types on the first page."""
    return {
        "name": "Lien De Pauw",
        "email": EMAIL,
        "phone": "0470 11 22 33",
        "function": "Vroedvrouw",
        "organisation_name": "Vroedvrouwenpraktijk De Wieg",
        "organisation_kind": "vroedvrouw",
        "municipality": "9000 Gent",
        **other,
    }


def guest(email: str = EMAIL, **other: Any) -> Guest:
    """A guest who confirmed her address."""
    made = Guest(
        email=email,
        **{
            "name": "Lien De Pauw",
            "function": "Vroedvrouw",
            "phone": "0470 11 22 33",
            "organisation_name": "Vroedvrouwenpraktijk De Wieg",
            "organisation_kind": OrganisationKind.VROEDVROUW,
            **other,
        },
    )
    db.session.add(made)
    db.session.commit()
    return made


def at_work(browser: Browser, who: Guest) -> Browser:
    """A browser in which a guest followed her private link."""
    path = guests.new_link(who.id)
    db.session.commit()
    answer = press(browser, path)
    assert answer.status == 303, answer.text
    return browser


def press(browser: Browser, path: str) -> Page:
    """Open a link of a mail and press its button."""
    page = browser.open(path)
    if page.status != 200:
        return page
    return browser.post_to(path, page.hidden())


def mails_to(address: str) -> list[dict[str, Any]]:
    """The mails written to an address, the oldest first."""
    rows = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id))
    return [row.payload for row in rows if row.payload.get("to") == address]
