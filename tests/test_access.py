"""Every route, every role, one's own and another's: nobody gets where the policy does not say."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.db import db
from tests import access_world
from tests.access_world import SCOPED, Person, World, may
from tests.accounts.make_guest import at_work
from tests.browser import Browser
from tests.finance.access import OWNERS

Problem = tuple[str, str, str, str, int]
SCOPED_TO_ORGANISATION = frozenset({"reference", "draft_id"})


@pytest.fixture
def world(app: Flask) -> World:
    return access_world.build()


def _browsers(app: Flask, world: World) -> Iterator[tuple[str, Person, Browser]]:
    yield "anonymous", None, Browser(app)
    for role, account in world.people.items():
        yield role, account, Browser(app).sign_in(account)
    yield "guest", world.guest.guest, at_work(Browser(app), world.guest.guest)


def _rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _path(app: Flask, rule: Rule, world: World, whose: str, who: Person) -> str:
    known = world.arguments(rule.endpoint, whose, who)
    missing = rule.arguments - known.keys()
    assert not missing, f"{rule.endpoint}: tests/access_world.py does not know {missing}"
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


def _ask(browser: Browser, method: str, path: str, token: str = "") -> TestResponse:
    data = {"csrf_token": token} if method == "POST" else None
    answer = browser.send(method, path, data=data)
    answer.get_data()
    answer.close()
    return answer


def _verdict(expected: bool | None, who: Person, answer: Any) -> bool:
    """Say whether an answer is what the policy says, for an object of one's own."""
    status = answer.status_code
    if status >= 500:
        return False
    if expected is None:
        return status != 403
    if who is None:
        to_sign_in = status == 302 and "/inloggen" in answer.headers["Location"]
        return to_sign_in if answer.request.method == "GET" else status == 401
    return status not in (401, 403, 404) if expected else status == 403


def test_no_route_answers_anybody_the_policy_does_not_name(app: Flask, world: World) -> None:
    """What is allowed is asked with GET; a POST that is allowed stops at its missing token."""
    problems: list[Problem] = []
    asked = 0
    for role, who, browser in _browsers(app, world):
        token = browser.token()
        for rule in _rules(app):
            expected = may(app, rule.endpoint, who)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                allowed_post = method == "POST" and expected is not False
                path = _path(app, rule, world, "own", who)
                answer = _ask(browser, method, path, "" if allowed_post else token)
                asked += 1
                scoped_away = not _owns(role, rule) and bool(
                    rule.arguments & SCOPED_TO_ORGANISATION
                )
                if allowed_post:
                    fits = answer.status_code == 400
                elif expected and scoped_away:
                    fits = answer.status_code == 404
                else:
                    fits = _verdict(expected, who, answer)
                if not fits:
                    problems.append((role, method, path, str(expected), answer.status_code))
    assert problems == []
    assert asked > 500


def _owns(role: str, rule: Rule) -> bool:
    if rule.rule.startswith("/begrotingen/"):
        return False  # nobody has one here: tests/finance/test_budget_access.py has
    if rule.endpoint.startswith("finance."):
        return role in OWNERS
    return rule.endpoint.startswith("agreements.") or role in ("referrer", "coordinator", "guest")


def test_anothers_object_looks_exactly_like_one_that_does_not_exist(
    app: Flask, world: World
) -> None:
    differences = []
    compared = 0
    for role, who, browser in _browsers(app, world):
        if who is None:
            continue
        token = browser.token()
        for rule in _rules(app):
            if not rule.arguments & SCOPED or not may(app, rule.endpoint, who):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                theirs, none = (
                    _ask(browser, method, _path(app, rule, world, whose, who), token)
                    for whose in ("other", "missing")
                )
                compared += 1
                same = theirs.get_data() == none.get_data()
                # 422: the one-time key is asked before the draft, which may have been sent already.
                if theirs.status_code not in (404, 422) or not same:
                    differences.append((role, method, rule.rule, theirs.status_code))
    assert differences == []
    assert compared > 20


def _fingerprint() -> dict[str, list[Any]]:
    """Return every row of every table but those that note who looked at what."""
    kept = {}
    for table in db.metadata.sorted_tables:
        if table.name not in ("audit_event", "audit_head", "job_run", "referral_message_read"):
            kept[table.name] = sorted(map(repr, db.session.execute(table.select())))
    return kept


def test_looking_changes_nothing_but_the_note_that_one_looked(app: Flask, world: World) -> None:
    roles = ("referrer", "coordinator", "administrator", "negotiator", "agreements_manager")
    people: list[tuple[Person, Browser]] = [
        (world.people[role], Browser(app).sign_in(world.people[role])) for role in roles
    ]
    guest = world.guest.guest
    people.append((guest, at_work(Browser(app), guest)))
    before = _fingerprint()
    for who, browser in people:
        for rule in _rules(app):
            if "GET" in (rule.methods or set()):
                _ask(browser, "GET", _path(app, rule, world, "own", who))
    assert _fingerprint() == before
