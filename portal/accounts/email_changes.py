"""Another e-mail address to sign in with: asked for with the password, confirmed by link."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from portal.accounts import mails, people, tokens
from portal.accounts.models import Account, EmailChange
from portal.core import audit, clock, mail
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor

_OVER = N_("Deze link is al gebruikt of verlopen. Vraag de wijziging opnieuw aan.")


def request_change(who: Account, new_email: str, actor: Actor) -> None:
    """Mail a link to the new address. Raises DomainError when it is the same or no address.

    An address that has an account already gets another mail and no link; whoever asks cannot
    tell the difference.
    """
    new_email = people.normalise_email(new_email)
    if new_email == who.email:
        raise DomainError(N_("Dit is je huidige e-mailadres."), field="email")
    token, token_hash = tokens.new_token()
    created = EmailChange(
        account_id=who.id,
        new_email=new_email,
        token_hash=token_hash,
        expires_at=clock.now() + mails.EMAIL_WITHIN,
    )
    _void_requests(who)
    db.session.add(created)
    db.session.flush()
    audit.record("account:ask_email", who, actor=actor)
    other = people.find_account(new_email)
    message = mails.email_taken(other) if other else mails.confirm_email(who, new_email, token)
    mail.send(message, key=f"email_change:{created.id}")


def find_change(token: str) -> EmailChange | None:
    """Return the request behind a link, as long as it can be confirmed."""
    return db.session.scalar(
        select(EmailChange).where(
            EmailChange.token_hash == tokens.digest(token),
            EmailChange.used_at.is_(None),
            EmailChange.expires_at > clock.now(),
        )
    )


def confirm(token: str) -> Account:
    """Make the new address the one to sign in with, and tell the old one.

    Works once; of two at the same time one wins. Raises DomainError.
    """
    now = clock.now()
    change = db.session.scalars(
        update(EmailChange)
        .where(EmailChange.token_hash == tokens.digest(token))
        .where(EmailChange.used_at.is_(None), EmailChange.expires_at > now)
        .values(used_at=now)
        .returning(EmailChange)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if change is None or not change.account.active or people.find_account(change.new_email):
        raise DomainError(_OVER)
    who, old_email = change.account, change.account.email
    who.email = change.new_email
    people.forget_reset_links(who)
    audit.record("account:change_email", who, fields={"email"})
    mail.send(mails.email_changed(who, old_email), key=f"email_changed:{change.id}")
    db.session.flush()
    return who


@periodic(timedelta(days=1))
def forget_old() -> int:
    """Delete requests a month after they expired; they hold addresses."""
    old = EmailChange.expires_at < clock.now() - timedelta(days=30)
    return len(db.session.scalars(delete(EmailChange).where(old).returning(EmailChange.id)).all())


def _void_requests(who: Account) -> None:
    db.session.execute(
        update(EmailChange)
        .where(EmailChange.account_id == who.id, EmailChange.used_at.is_(None))
        .values(expires_at=clock.now())
    )
