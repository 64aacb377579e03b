"""Settings are checked at start, and a message names the variable that is wrong."""

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.config import DEMO_KEYS, DEMO_SECRET, SettingError, settings

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "PORTAL_BASE_URL": "https://portaal.example",
    "PORTAL_SECRET_KEY": "x" * 40,
    "PORTAL_ENCRYPTION_KEYS": f"1:{KEY}",
    "PORTAL_SMTP_HOST": "smtp.example",
    "PORTAL_MAIL_SENDER": "portaal@portaal.example",
}


def production(**changed: str | None) -> dict[str, Any]:
    values = {**PRODUCTION, **changed}
    return settings({name: value for name, value in values.items() if value is not None})


def test_production_starts_with_safe_settings() -> None:
    config = production()
    assert config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert config["TRUSTED_HOSTS"] == ["portaal.example"]
    assert config["SMTP_STARTTLS"]
    assert not config["DEMO"]
    assert not config["TESTING"]


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_refuses_to_start_without_a_setting_and_names_it(name: str) -> None:
    for missing in (None, "", "  "):
        with pytest.raises(SettingError, match=name):
            production(**{name: missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SECRET_KEY", DEMO_SECRET),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_SECRET_KEY", f"{DEMO_SECRET} and more"),
        ("PORTAL_ENCRYPTION_KEYS", DEMO_KEYS),
        ("PORTAL_ENCRYPTION_KEYS", DEMO_KEYS.replace("1:", "7:", 1)),
        ("PORTAL_ENCRYPTION_KEYS", f"1:{KEY},{DEMO_KEYS.replace('1:', '2:', 1)}"),
        ("PORTAL_ENCRYPTION_KEYS", f"0:{KEY}"),
        ("PORTAL_ENCRYPTION_KEYS", f"x:{KEY}"),
        ("PORTAL_ENCRYPTION_KEYS", "1:" + base64.b64encode(bytes(31)).decode()),
        ("PORTAL_BASE_URL", "http://portaal.example"),
        ("PORTAL_BASE_URL", "https://"),
        ("PORTAL_BASE_URL", "portaal.example"),
        ("PORTAL_BASE_URL", "ftp://portaal.example"),
        ("PORTAL_MAIL_SENDER", "portaal"),
        ("PORTAL_MAIL_SENDER", "a@b@c"),
        ("PORTAL_MAIL_SENDER", "a@b.example\nBcc: c@d.example"),
        ("PORTAL_SMTP_PORT", "twenty"),
        ("PORTAL_SMTP_PORT", "²"),
        ("PORTAL_SMTP_STARTTLS", "true"),
        ("PORTAL_PROXIES", "-1"),
        ("DATABASE_URL", "mysql://x"),
        ("PORTAL_ENV", "prod"),
    ],
)
def test_production_refuses_an_unsafe_setting_and_names_it(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        production(**{name: value})


LIVE = {
    "PORTAL_STRIPE_SECRET_KEY": "sk_live_0123456789",
    "PORTAL_STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
}


def test_paying_online_is_off_until_both_keys_are_set() -> None:
    assert production()["STRIPE_SECRET_KEY"] == ""
    assert production(**LIVE)["STRIPE_SECRET_KEY"] == "sk_live_0123456789"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PORTAL_STRIPE_SECRET_KEY": "sk_test_0123456789"}, "PORTAL_STRIPE_SECRET_KEY"),
        ({"PORTAL_STRIPE_SECRET_KEY": "pk_live_0123456789"}, "PORTAL_STRIPE_SECRET_KEY"),
        ({"PORTAL_STRIPE_SECRET_KEY": None}, "PORTAL_STRIPE_SECRET_KEY"),
        ({"PORTAL_STRIPE_WEBHOOK_SECRET": None}, "PORTAL_STRIPE_WEBHOOK_SECRET"),
        ({"PORTAL_STRIPE_WEBHOOK_SECRET": "geheim"}, "PORTAL_STRIPE_WEBHOOK_SECRET"),
        ({"PORTAL_STRIPE_API_BASE": "http://127.0.0.1:9"}, "PORTAL_STRIPE_API_BASE"),
    ],
    ids=["test key", "publishable", "no key", "no secret", "not a secret", "stand-in"],
)
def test_production_takes_no_half_or_pretended_payments(
    changed: dict[str, str | None], named: str
) -> None:
    with pytest.raises(SettingError, match=named) as refusal:
        production(**{**LIVE, **changed})
    assert "0123456789" not in str(refusal.value)


@pytest.mark.parametrize("base", ["https://api.example", "http://10.0.0.1:8", "http://localhost:8"])
def test_a_demonstration_takes_no_real_money_and_no_stand_in_elsewhere(base: str) -> None:
    for changed in (LIVE, {"PORTAL_STRIPE_API_BASE": base}):
        with pytest.raises(SettingError, match="PORTAL_STRIPE"):
            settings({"PORTAL_ENV": "demo", **changed})


def test_a_message_does_not_repeat_a_secret() -> None:
    with pytest.raises(SettingError) as refusal:
        production(PORTAL_ENCRYPTION_KEYS="1:" + "c2VjcmV0" * 8)
    assert "c2VjcmV0" not in str(refusal.value)


def test_the_demo_and_the_tests_need_no_settings_at_all() -> None:
    for kind in ("demo", "test"):
        config = settings({"PORTAL_ENV": kind})
        assert config["SMTP_HOST"] == "", "mails go to a folder"
        assert config["BASE_URL"] == "http://127.0.0.1:8010"


def test_nothing_said_means_production() -> None:
    with pytest.raises(SettingError):
        settings({})


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_any_way_to_write_a_postgresql_address_reaches_it(url: str) -> None:
    assert production(DATABASE_URL=url)["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@h/d"


def test_several_keys_can_be_given() -> None:
    other = base64.b64encode(bytes(range(1, 33))).decode()
    assert production(PORTAL_ENCRYPTION_KEYS=f"1:{KEY},2:{other}")["KEYRING"].active_id == 2


@pytest.mark.slow
def test_the_portal_itself_stops_with_the_name_of_what_is_missing(root: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import portal; portal.create_app()"],
        env={"PATH": os.environ["PATH"], **PRODUCTION, "PORTAL_SECRET_KEY": ""},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode != 0
    assert "PORTAL_SECRET_KEY is missing" in started.stderr
