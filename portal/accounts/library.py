"""Flask-Security, fitted to the portal: our accounts, our words, our password rule. See ADR 3."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_security import MailUtil, PasswordUtil, SQLAlchemyUserDatastore
from sqlalchemy import select

from portal.accounts import mails, passwords
from portal.accounts.models import Account
from portal.core import mail
from portal.core.db import db, new_id, reading_only
from portal.core.errors import DomainError
from portal.core.i18n import N_

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

# What the library says to a person; the texts are message ids of our own catalogue.
_MESSAGES = {
    "DISABLED_ACCOUNT": N_("Dit account is uitgeschakeld."),
    "EMAIL_NOT_PROVIDED": N_("Vul je e-mailadres in."),
    "INVALID_EMAIL_ADDRESS": N_("Vul een e-mailadres in, zoals naam@voorbeeld.be."),
    "INVALID_PASSWORD": N_("Dit is niet je huidige wachtwoord."),
    "INVALID_RESET_PASSWORD_TOKEN": N_(
        "Deze link is al gebruikt of werkt niet meer. Vraag hieronder een nieuwe aan."
    ),
    "PASSWORD_CHANGE": N_("Je wachtwoord is gewijzigd. Op andere toestellen ben je uitgelogd."),
    "PASSWORD_IS_THE_SAME": N_("Kies een ander wachtwoord dan je huidige."),
    "PASSWORD_NOT_PROVIDED": N_("Vul je wachtwoord in."),
    "PASSWORD_RESET_EXPIRED": N_("Deze link is verlopen. Vraag hieronder een nieuwe aan."),
    "PASSWORD_RESET_NO_LOGIN": N_("Je nieuwe wachtwoord is ingesteld. Log ermee in."),
    "RETYPE_PASSWORD_MISMATCH": N_("De twee wachtwoorden zijn niet dezelfde."),
    "UNAUTHENTICATED": N_("Log in om verder te gaan."),
    "USER_DOES_NOT_EXIST": N_("Dit account bestaat niet."),
}
_TONES = {"PASSWORD_CHANGE": "success", "PASSWORD_RESET_NO_LOGIN": "success"}

SETTINGS: dict[str, Any] = {
    **{f"MSG_{name}": (text, _TONES.get(name, "error")) for name, text in _MESSAGES.items()},
    "I18N_DOMAIN": "messages",
    "I18N_DIRNAME": [str(TRANSLATIONS)],
    "LOGIN_URL": "/inloggen",
    "LOGOUT_URL": "/uitloggen",
    "LOGOUT_METHODS": ["POST"],
    "RECOVERABLE": True,
    "RESET_URL": "/wachtwoord-vergeten",
    "RESET_PASSWORD_WITHIN": mails.RESET_WITHIN,
    "CHANGEABLE": True,
    "CHANGE_URL": "/account/wachtwoord",
    "POST_CHANGE_VIEW": "accounts.profile",
    "RETURN_GENERIC_RESPONSES": True,
    "CACHE_CONTROL": {"private": None, "no-store": None},
    "FRESHNESS": timedelta(seconds=-1),  # what is sensitive asks for the password itself
    "API_ENABLED_METHODS": ["session"],
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "EMAIL_PLAINTEXT": False,  # the mails are ours (accounts.mails)
    "EMAIL_HTML": False,
    "PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "PASSWORD_NORMALIZE_FORM": None,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": passwords.ROUNDS,
        "argon2__memory_cost": passwords.MEMORY_KIB,
        "argon2__parallelism": passwords.LANES,
    },
    # A reset link carries a digest of the password's hash. That hash is random enough for a fast
    # digest, and the slow default would tell by the clock whether an account exists.
    "HASHING_SCHEMES": ["hex_sha256"],
    "DEPRECATED_HASHING_SCHEMES": [],
}


class AccountDatastore(SQLAlchemyUserDatastore):
    """Gives the library our accounts. Its roles are not used: a role is a Membership."""

    def find_user(self, case_insensitive: bool = False, **values: Any) -> Any:  # noqa: ARG002
        """Return the account with this e-mail address or fs_uniquifier.

        A reset locks the row: of two who send the same link, the second finds it void.
        """
        ((name, value),) = values.items()
        if name == "email":
            return db.session.scalar(select(Account).where(Account.email == value.lower()))
        query = select(Account).where(getattr(Account, name) == value, Account.active)
        if not reading_only.get():
            query = query.with_for_update()
        return db.session.scalar(query.execution_options(populate_existing=True))


class PortalMail(MailUtil):
    """Writes the library's mails in our own words, into the outbox."""

    _OURS = {  # noqa: RUF012
        "security/email/reset_notice": mails.password_changed,
        "security/email/change_notice": mails.password_changed,
    }

    def send_mail(self, template: str, *_: Any, **context: Any) -> None:
        """Write the mail that goes with a template of the library."""
        mail.send(self._OURS[template](context["user"]), key=f"{template}:{new_id()}")


class PortalPasswords(PasswordUtil):
    """Holds new passwords to our rule."""

    def validate(self, password: str, is_register: bool, **values: Any) -> Any:  # noqa: ARG002
        """Return (messages or None, the password as typed)."""
        user = values["user"]
        try:
            passwords.check_password(password, user.name, user.email)
        except DomainError as error:
            return [gettext(error.message)], password
        return None, password
