"""Accounts: making them, changing them, stopping them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from portal.accounts import sessions
from portal.accounts.models import Account
from portal.accounts.passwords import check_password, hash_password
from portal.core import audit
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import LANGUAGES, N_
from portal.core.permissions import Actor
from portal.core.text import line
from portal.directory.folding import fold


@dataclass(frozen=True)
class Person:
    """Who an account is of, for lists and timelines."""

    id: int
    name: str


def normalise_email(text: str) -> str:
    """Return an e-mail address as it is stored: in small letters. Raises DomainError."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        message = N_("Vul een e-mailadres in, zoals naam@voorbeeld.be.")
        raise DomainError(message, field="email") from error
    return found.normalized.lower()


def find_account(email: str) -> Account | None:
    """Return the account with this e-mail address, in whatever letters it is typed."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def account(account_id: int) -> Account:
    """Return one account. Raises NotFoundError."""
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFoundError()
    return found


def accounts_by_id(account_ids: Iterable[int]) -> dict[int, Person]:
    """Return who the accounts are of, in one query."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: Person(row.id, row.name) for row in rows}


def create_account(email: str, name: str, password: str | None = None) -> Account:
    """Return a new account; without a password nobody signs in with it yet.

    Raises DomainError when the e-mail address is taken or the password is refused.
    """
    email = normalise_email(email)
    if find_account(email) is not None:
        raise DomainError(N_("Er is al een account met dit e-mailadres."), field="email")
    created = Account(
        name=line(name),
        sort_name=fold(name)[:120],
        email=email,
        fs_uniquifier=secrets.token_hex(16),
        active=True,
    )
    if password is not None:
        check_password(password, created.name, email)
        created.password = hash_password(password)
    db.session.add(created)
    db.session.flush()
    audit.record("account:create", created)
    return created


def is_password_of(actor: Actor, password: str) -> bool:
    """Say whether this is the password of who is signed in; one that is not goes to the audit.

    What is sensitive asks for it again. Commit either way.
    """
    who = account(actor.account_id)
    if who.verify_and_update_password(password):
        return True
    audit.record("account:fail_password", who, actor=actor)
    return False


def update_profile(who: Account, *, name: str, locale: str | None, by: Actor | None) -> None:
    """Set the name and language of a person."""
    values = {"name": line(name), "locale": locale if locale in LANGUAGES else None}
    changed = {key for key, value in values.items() if getattr(who, key) != value}
    for key in changed:
        setattr(who, key, values[key])
    who.sort_name = fold(who.name)[:120]
    if changed:
        audit.record("account:update", who, actor=by, fields=changed)


def disable(who: Account, by: Actor) -> None:
    """Stop an account: whoever is signed in with it is out at once. Raises DomainError."""
    if who.id == by.account_id:
        raise DomainError(N_("Je kunt je eigen account niet uitschakelen."))
    if not who.active:
        return
    who.active = False
    forget_reset_links(who)
    sessions.end_all(who.id, by=by)
    audit.record("account:disable", who, actor=by, fields={"active"})


def enable(who: Account, by: Actor) -> None:
    """Let a stopped account sign in again."""
    if who.active:
        return
    who.active = True
    audit.record("account:enable", who, actor=by, fields={"active"})


def forget_reset_links(who: Account) -> None:
    """Make every link to choose a new password void."""
    who.fs_uniquifier = secrets.token_hex(16)
