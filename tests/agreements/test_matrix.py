"""The access matrix asks pages that are there: one's own open, and no id of another's fits in."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.core import guard
from portal.core.db import db
from portal.core.permissions import Role
from portal.directory.reference import load_reference
from tests import make
from tests.agreements import access
from tests.agreements.access import Asked
from tests.browser import Browser

NESTED = ("decision_id", "delegation_id", "comment_id", "meeting_id", "delivery_id")


@pytest.fixture
def asked(session: Session) -> Asked:
    load_reference(db.session())
    session.commit()
    return access.build()


def rules(app: Flask, who: Account, *arguments: str) -> list[Any]:
    """The routes of agreements with one of these arguments that a person's role may use."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("agreements.") and rule.arguments.intersection(arguments)
    ]
    acting = make.actor(who)
    return [r for r in found if acting.can(guard.needed(app, r.endpoint) or "")]


def paths(browser: Browser, found: list[Any], known: Any) -> dict[str, str]:
    return {
        rule.endpoint: browser.path(
            rule.endpoint, **{name: known(rule.endpoint)[name] for name in rule.arguments}
        )
        for rule in found
    }


@pytest.mark.parametrize("role", [*access.PARTNER_ROLES, Role.AGREEMENTS_MANAGER])
def test_every_page_of_ones_own_agreement_opens(
    app: Flask, browser: Browser, asked: Asked, role: Role
) -> None:
    who = asked.own.people.get(role) or make.membership(role, make.home_start()).account
    browser.sign_in(who)
    pages = [r for r in rules(app, who, "reference") if "GET" in (r.methods or ())]

    answers = {
        endpoint: browser.send("GET", path).status_code
        for endpoint, path in paths(
            browser, pages, lambda e: asked.arguments(e, "own", make.actor(who))
        ).items()
    }

    assert {e: s for e, s in answers.items() if s != 200} == {}
    assert len(answers) > 8


@pytest.mark.parametrize("whose", ["own", "other"])
def test_an_id_of_anothers_does_not_fit_in_ones_own_agreement(
    app: Flask, browser: Browser, asked: Asked, whose: str
) -> None:
    who = asked.own.people[Role.NEGOTIATOR]
    side = asked.other if whose == "other" else asked.own
    browser.sign_in(who)
    pages = [r for r in rules(app, who, *NESTED) if "GET" in (r.methods or ())]

    answers = {
        endpoint: browser.send("GET", path).status_code
        for endpoint, path in paths(
            browser,
            pages,
            lambda e: {
                **asked.arguments(e, "own", make.actor(who)),
                **side.nested[side.about(e).id],
            },
        ).items()
    }

    assert set(answers.values()) == ({200} if whose == "own" else {404})
    assert len(answers) == 6
