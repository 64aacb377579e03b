"""Deny by default: who may open what follows from one table, and nothing is left unsaid."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core import guard
from portal.core.db import reading_only
from portal.core.guard import UnstampedEndpointError, requires
from portal.core.permissions import GRANTS, WITHOUT_ROLE, Actor, Permission, Role, granted

PEOPLE: list[Role | None] = [*Role, None]


def somebody(role: Role | None) -> Actor:
    return Actor(account_id=1, name="An", email="an@x.be", role=role, permissions=granted(role))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Return a function that gives a small app with one page per permission, and a visitor."""

    def make(visitor: Actor | None = None) -> Flask:
        app = Flask("door")
        app.config["DEMO"] = False
        monkeypatch.setattr(
            guard, "PUBLIC_ENDPOINTS", frozenset({"public", "security.login", "static"})
        )
        guard.init_app(app, load_actor=lambda: visitor)
        for permission in Permission:
            view = requires(permission)(lambda: guard.actor().name)
            app.add_url_rule(f"/{permission}", permission.name, view, methods=["GET", "POST"])
        app.add_url_rule("/public", "public", lambda: "open")
        app.add_url_rule("/login", "security.login", lambda: "login")
        return app

    return make


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_role_opens_exactly_the_pages_whose_permission_it_holds(
    door: Callable[..., Flask], role: Role | None, method: str
) -> None:
    client = door(somebody(role)).test_client()
    answers = {p: client.open(f"/{p}", method=method).status_code for p in Permission}
    assert {p for p, code in answers.items() if code == 200} == granted(role)
    assert set(answers.values()) == {200, 403}


def test_nobody_has_a_role_without_its_row_in_the_table() -> None:
    assert GRANTS.keys() == set(Role)
    own = {Permission.ACCOUNT_OWN, Permission.AGREEMENT_SIGN}
    assert granted(None) == WITHOUT_ROLE == own


def test_who_is_not_signed_in_is_asked_to_and_can_send_nothing(door: Callable[..., Flask]) -> None:
    client = door().test_client()
    for permission in Permission:
        asked = client.get(f"/{permission}?a=1&b=2")
        assert asked.status_code == 302
        assert asked.location == f"/login?next=/{permission}?a%3D1%26b%3D2"
        assert client.head(f"/{permission}").location == "/login"
        assert client.post(f"/{permission}").status_code == 401


def test_a_public_page_opens_for_everybody(door: Callable[..., Flask]) -> None:
    assert door().test_client().get("/public").text == "open"
    assert door(somebody(Role.DPO)).test_client().get("/public").text == "open"


def test_a_page_that_does_not_exist_is_not_hidden_behind_sign_in(
    door: Callable[..., Flask],
) -> None:
    assert door().test_client().get("/nergens").status_code == 404
    assert door().test_client().put("/public").status_code == 405


def test_an_endpoint_that_declares_nothing_keeps_the_portal_from_starting(
    door: Callable[..., Flask],
) -> None:
    app = door()
    guard.check_stamped(app)
    app.add_url_rule("/vergeten", "forgotten", lambda: "?")
    with pytest.raises(UnstampedEndpointError, match="forgotten"):
        guard.check_stamped(app)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/vergeten").status_code == 500, "nor is it served"


def test_every_endpoint_of_the_portal_declares_its_access(shared_app: Flask) -> None:
    guard.check_stamped(shared_app)


def test_what_is_public_exists_and_is_known(shared_app: Flask) -> None:
    """A name that was removed must not stay open for whoever takes it later."""
    known = {rule.endpoint for rule in shared_app.url_map.iter_rules()} | {"static"}
    listed = guard.PUBLIC_ENDPOINTS | guard.LIBRARY_ENDPOINTS.keys()
    assert listed - known == set()


def test_no_role_that_must_not_see_families_can_see_referrals() -> None:
    families = {
        Permission.REFERRAL_FOLLOW,
        Permission.REFERRAL_HANDLE,
        Permission.REFERRAL_SUBMIT,
        Permission.REFERRAL_LIST,
    }
    for role in set(Role) - {Role.REFERRER, Role.COORDINATOR}:
        assert not families & GRANTS[role], role
    assert families - GRANTS[Role.COORDINATOR] == {
        Permission.REFERRAL_FOLLOW,
        Permission.REFERRAL_SUBMIT,
    }


@pytest.mark.parametrize(
    ("method", "logs_access", "expected"),
    [("GET", False, True), ("GET", True, False), ("POST", False, False), ("HEAD", False, True)],
)
def test_only_a_page_that_reads_takes_no_write_lock(
    door: Callable[..., Flask], method: str, logs_access: bool, expected: bool
) -> None:
    app, seen = door(somebody(Role.REFERRER)), []

    def view() -> str:
        seen.append(reading_only.get())
        return ""

    stamped: Any = requires(Permission.HOME, logs_access=logs_access)(view)
    app.add_url_rule("/lezen", "reads", stamped, methods=["GET", "POST"])
    app.test_client().open("/lezen", method=method)
    assert seen == [expected]
    assert reading_only.get() is False, "the next thing this thread does may write"


def test_code_that_needs_somebody_never_gets_nobody(door: Callable[..., Flask]) -> None:
    app = door()
    with app.test_request_context("/public"):
        app.preprocess_request()
        with pytest.raises(Exception, match="403"):
            guard.actor()
