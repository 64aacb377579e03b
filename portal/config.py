"""Settings from the environment, checked at start; a message names the variable that is wrong."""

import base64
import hashlib
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.core.crypto import Keyring
from portal.core.signing import identity
from portal.core.signing.identity import Pki

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demo-only-secret-that-protects-nothing-at-all"  # noqa: S105 - refused in production
DEMO_KEYS = "1:" + base64.b64encode(hashlib.sha256(b"portal demo key").digest()).decode()
KINDS = ("production", "demo", "test")


class SettingError(RuntimeError):
    """A setting is missing or unsafe; the text names it and says what to do."""


class Environment:
    """Reads variables and says which one is wrong."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.kind = variables.get("PORTAL_ENV", "production")
        if self.kind not in KINDS:
            raise SettingError(f"PORTAL_ENV is '{self.kind}'; choose one of {', '.join(KINDS)}.")
        self.production = self.kind == "production"

    def text(self, name: str, default: str | None = None) -> str:
        value = self.variables.get(name, "").strip() or default
        if value is None:
            raise SettingError(f"{name} is missing; see README.md, Configuration.")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            raise SettingError(f"{name} is '{value}'; it must be a whole number.")
        return int(value)

    def dated_months(self, name: str, default: str) -> tuple[tuple[date, tuple[int, ...]], ...]:
        """Read `3,6,12; 2027-01-01: 4,8,12`: months, and from which day other months hold."""
        value = self.text(name, default)
        found: list[tuple[date, tuple[int, ...]]] = []
        try:
            for part in value.split(";"):
                day, _colon, months = part.rpartition(":")
                from_on = date.fromisoformat(day.strip()) if found or day else date.min
                found.append((from_on, tuple(int(month) for month in months.split(","))))
        except ValueError:
            found = []
        rising = [day for day, _months in found] == sorted({day for day, _months in found})
        each = all(m == tuple(sorted(set(m))) and m[0] > 0 for _day, m in found)
        if not (found and rising and each and found[0][0] == date.min):
            raise SettingError(f"{name} is '{value}'; write it as 3,6,12; 2027-01-01: 4,8,12.")
        return tuple(found)

    def yes(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no")
        if value not in ("yes", "no"):
            raise SettingError(f"{name} is '{value}'; write yes or no.")
        return value == "yes"

    def secret(self, name: str, demo: str) -> str:
        value = self.text(name, None if self.production else demo)
        demo_part = demo.rsplit(":", 1)[-1]  # a key's id does not make it another key
        if self.production and (demo_part in value or len(value) < 32):
            raise SettingError(f"{name} is a demo value or shorter than 32 characters.")
        return value


def settings(variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the configuration of the app. Raises SettingError."""
    env = Environment(os.environ if variables is None else variables)
    var = Path(env.text("PORTAL_VAR", str(ROOT / "var")))
    base = _base_url(env)
    own_host = urlsplit(base).hostname
    return {
        "PORTAL_ENV": env.kind,
        "DEMO": env.kind == "demo",
        "TESTING": env.kind == "test",
        "VAR": var,
        "BASE_URL": base,
        "SECRET_KEY": env.secret("PORTAL_SECRET_KEY", DEMO_SECRET),
        "KEYRING": _keyring(env),
        "TRUSTED_HOSTS": [own_host] if env.production else [own_host, "localhost", "127.0.0.1"],
        "PROXIES": env.number("PORTAL_PROXIES", 0),
        **_database(env, var),
        **_web(env),
        **_mail(env, var),
        **_work(env),
        **_signing(env),
        **_peppol(env, var),
        **_stripe(env),
        "BANK_FOLDER": _bank_folder(env),
    }


def _base_url(env: Environment) -> str:
    """Where people reach the portal, as links in mails say; never taken from a request."""
    base = env.text("PORTAL_BASE_URL", None if env.production else "http://127.0.0.1:8010")
    parts = urlsplit(base)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise SettingError("PORTAL_BASE_URL must be an address like https://portaal.example.")
    if parts.scheme != "https" and env.production:
        raise SettingError("PORTAL_BASE_URL must start with https:// in production.")
    return base.rstrip("/")


def _keyring(env: Environment) -> Keyring:
    text = env.secret("PORTAL_ENCRYPTION_KEYS", DEMO_KEYS)
    try:
        return Keyring.parse(text)
    except ValueError as error:
        raise SettingError(
            f"PORTAL_ENCRYPTION_KEYS: {error}; write 1:<base64 of 32 bytes>."
        ) from error


def _database(env: Environment, var: Path) -> dict[str, Any]:
    url = env.text("DATABASE_URL", f"sqlite:///{var / 'portal.db'}")
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("DATABASE_URL must be an sqlite:/// or postgresql:// address.")
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "STORE": env.text("PORTAL_STORE", str(var / "documents")),
    }


def _web(env: Environment) -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-portal" if env.production else "portal",
        "SESSION_COOKIE_SECURE": env.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch must still be sent
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_ENABLED": env.kind != "test",
        "RATELIMIT_STORAGE_URI": env.text("PORTAL_RATELIMIT_STORAGE", "memory://"),
    }


def _mail(env: Environment, var: Path) -> dict[str, Any]:
    """Mail goes to an SMTP server; the demo, which has none, keeps it in a folder."""
    host = env.text("PORTAL_SMTP_HOST", None if env.production else "")
    sender = env.text("PORTAL_MAIL_SENDER", None if env.production else "portaal@portal.test")
    if sender.count("@") != 1 or not sender.isprintable() or " " in sender:
        raise SettingError("PORTAL_MAIL_SENDER must be an e-mail address.")
    return {
        "SMTP_HOST": host,
        "SMTP_PORT": env.number("PORTAL_SMTP_PORT", 587),
        "SMTP_USER": env.text("PORTAL_SMTP_USER", ""),
        "SMTP_PASSWORD": env.text("PORTAL_SMTP_PASSWORD", ""),
        "SMTP_STARTTLS": env.yes("PORTAL_SMTP_STARTTLS", default=env.production),
        "MAIL_FOLDER": var / "mail",
        "MAIL_SENDER": sender,
        "MAIL_SENDER_NAME": env.text("PORTAL_MAIL_SENDER_NAME", "Home-Start Vlaanderen"),
    }


def _peppol(env: Environment, var: Path) -> dict[str, Any]:
    """How e-invoices reach the Peppol network; without a route they go by e-mail."""
    route = env.text("PORTAL_PEPPOL_ROUTE", "")
    if route not in ("", "e-invoice.be", "http", "folder"):
        raise SettingError("PORTAL_PEPPOL_ROUTE must be e-invoice.be, http or folder.")
    remote = route in ("e-invoice.be", "http")
    url = env.text("PORTAL_PEPPOL_URL", None if route == "http" else "")
    parts = urlsplit(url)
    if url and not (parts.hostname and parts.scheme in ("http", "https")):
        raise SettingError(
            "PORTAL_PEPPOL_URL must be an address like https://toegangspunt.example."
        )
    if url and env.production and parts.scheme != "https":
        raise SettingError("PORTAL_PEPPOL_URL must start with https:// in production.")
    return {
        "PEPPOL_ROUTE": route,
        "PEPPOL_URL": url,
        "PEPPOL_KEY": env.text("PORTAL_PEPPOL_KEY", None if remote else ""),
        "PEPPOL_FOLDER": env.text("PORTAL_PEPPOL_FOLDER", str(var / "peppol")),
    }


LIVE_KEYS, TEST_KEYS = ("sk_live_", "rk_live_"), ("sk_test_", "rk_test_")


def _stripe(env: Environment) -> dict[str, Any]:
    """Paying online; without keys the portal says how to pay by transfer, and no more."""
    key, secret = (
        env.text("PORTAL_STRIPE_SECRET_KEY", ""),
        env.text("PORTAL_STRIPE_WEBHOOK_SECRET", ""),
    )
    base = env.text("PORTAL_STRIPE_API_BASE", "")
    if key and not key.startswith(LIVE_KEYS if env.production else TEST_KEYS):
        kinds = LIVE_KEYS if env.production else TEST_KEYS
        raise SettingError(f"PORTAL_STRIPE_SECRET_KEY must start with {' or '.join(kinds)} here.")
    if bool(key) != bool(secret):
        missing = "WEBHOOK_SECRET" if key else "SECRET_KEY"
        raise SettingError(f"PORTAL_STRIPE_{missing} is missing: paying online needs both.")
    if secret and not (secret.startswith("whsec_") and len(secret) >= 16):
        raise SettingError("PORTAL_STRIPE_WEBHOOK_SECRET must be what Stripe shows: whsec_….")
    parts = urlsplit(base)
    if base and (env.production or parts.scheme != "http" or parts.hostname != "127.0.0.1"):
        raise SettingError("PORTAL_STRIPE_API_BASE is for a server on 127.0.0.1, in a test only.")
    return {
        "STRIPE_SECRET_KEY": key,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_API_BASE": base.rstrip("/"),
    }


def _bank_folder(env: Environment) -> str:
    """Where the worker finds the files of the bank; "" when people upload them."""
    folder = env.text("PORTAL_BANK_FOLDER", "")
    if folder and not Path(folder).is_dir():
        raise SettingError(f"PORTAL_BANK_FOLDER is '{folder}'; there is no such folder.")
    return folder


def _work(env: Environment) -> dict[str, Any]:
    """How HSV works: terms that change by agreement, not by release."""
    return {
        "FIRST_CONTACT_DAYS": env.number("PORTAL_FIRST_CONTACT_DAYS", 14),
        "QUIET_DAYS": env.number("PORTAL_QUIET_DAYS", 28),
        "DRAFT_KEPT_DAYS": env.number("PORTAL_DRAFT_KEPT_DAYS", 30),
        "SURVEY_DECISION_DAYS": env.number("PORTAL_SURVEY_DECISION_DAYS", 30),
        "SURVEY_END_DAYS": env.number("PORTAL_SURVEY_END_DAYS", 7),
        "SURVEY_LINK_DAYS": env.number("PORTAL_SURVEY_LINK_DAYS", 60),
        "UNSERVED_KEPT_DAYS": env.number("PORTAL_UNSERVED_KEPT_DAYS", 365),
        "UNHELPED_KEPT_DAYS": env.number("PORTAL_UNHELPED_KEPT_DAYS", 180),
        "TOLD_KEPT_DAYS": env.number("PORTAL_TOLD_KEPT_DAYS", 365),
        "CORE_KEPT_DAYS": env.number("PORTAL_CORE_KEPT_DAYS", 1826),
        "ERASE_AFTER_DAYS": env.number("PORTAL_ERASE_AFTER_DAYS", 7),
        "FAMILY_CODE_DAYS": env.number("PORTAL_FAMILY_CODE_DAYS", 365),
        "FAMILY_SESSION_MINUTES": env.number("PORTAL_FAMILY_SESSION_MINUTES", 20),
        "GUEST_KEPT_DAYS": env.number("PORTAL_GUEST_KEPT_DAYS", 365),
        "ANSWER_DAYS": env.number("PORTAL_ANSWER_DAYS", 21),
        "DECISION_DAYS": env.number("PORTAL_DECISION_DAYS", 60),
        "RENEWAL_MONTHS": env.number("PORTAL_RENEWAL_MONTHS", 6),
        "RENEWAL_ANSWER_DAYS": env.number("PORTAL_RENEWAL_ANSWER_DAYS", 60),
        "REMIND_DAYS": env.number("PORTAL_REMIND_DAYS", 14),
        "ENQUIRY_ANSWER_DAYS": env.number("PORTAL_ENQUIRY_ANSWER_DAYS", 14),
        "ENQUIRY_LINK_DAYS": env.number("PORTAL_ENQUIRY_LINK_DAYS", 3),
        "ENQUIRY_KEPT_DAYS": env.number("PORTAL_ENQUIRY_KEPT_DAYS", 365),
        "FOLLOW_UP_MONTHS": env.number("PORTAL_FOLLOW_UP_MONTHS", 3),
        "REOPEN_MONTHS": env.number("PORTAL_REOPEN_MONTHS", 6),
        "EVALUATION_MONTHS": env.dated_months("PORTAL_EVALUATION_MONTHS", "3,6,12"),
        "SESSION_IDLE_MINUTES": env.number("PORTAL_SESSION_IDLE_MINUTES", 30),
        "SESSION_HOURS": env.number("PORTAL_SESSION_HOURS", 12),
        "CONTACT_EMAIL": env.text("PORTAL_CONTACT_EMAIL", "info@homestart.portal.test"),
        "DPO_EMAIL": env.text("PORTAL_DPO_EMAIL", "privacy@homestart.portal.test"),
    }


def _signing(env: Environment) -> dict[str, Any]:
    """With which key documents are sealed and whose certificates are believed.

    `PKI` None: the demonstration and the tests make their own, which nobody else believes.
    Production never does: without a seal it seals nothing, and says so.
    """
    days = {
        "SIGNING_DAYS": env.number("PORTAL_SIGNING_DAYS", 30),
        "SIGNING_REMIND_DAYS": env.number("PORTAL_SIGNING_REMIND_DAYS", 5),
    }
    remote = {
        "CSC_URL": env.text("PORTAL_CSC_URL", ""),
        "CSC_TOKEN": env.text("PORTAL_CSC_TOKEN", ""),
    }
    path = env.text("PORTAL_SEAL_P12", "")
    if not path and not env.production:
        return {"PKI": None, **days, **remote}
    return {"PKI": _pki(env, path), **days, **remote}


def _pki(env: Environment, path: str) -> Pki:
    def roots(name: str) -> tuple[Any, ...]:
        path = env.text(name, "")
        try:
            return identity.authorities(Path(path)) if path else ()
        except identity.IdentityError as error:
            raise SettingError(f"{name}: {error}.") from error

    seal = None
    seal_roots = roots("PORTAL_SEAL_ROOTS")
    if path:
        try:
            seal = identity.load_p12(Path(path), env.text("PORTAL_SEAL_PASSWORD", ""))
            identity.check_seal(seal, seal_roots)
        except identity.IdentityError as error:
            raise SettingError(f"PORTAL_SEAL_P12: {error}.") from error
    return Pki(
        seal,
        seal_roots=seal_roots,
        person_roots=roots("PORTAL_SIGNER_ROOTS"),
        tsa_url=env.text("PORTAL_TSA_URL", ""),
        tsa_roots=roots("PORTAL_TSA_ROOTS"),
    )
