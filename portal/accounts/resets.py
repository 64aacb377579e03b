"""A new password for who forgot the old one.

The page only notes that a link was asked for; the worker looks up whether there is such an
account. So asking takes exactly as long for somebody who has an account as for somebody who
has none.
"""

from flask_security.recoverable import generate_reset_password_token

from portal.accounts import mails, people
from portal.core import audit, mail, outbox
from portal.core.db import new_id
from portal.core.i18n import N_

_SUBJECT = N_("Vraag om een nieuw wachtwoord")


def ask(email: str) -> None:
    """Write down that somebody asked for a reset link, in the transaction under way."""
    outbox.enqueue(
        "password_reset",
        {"email": email.strip().lower()},
        key=f"password_reset:{new_id()}",
        subject=_SUBJECT,
    )


@outbox.handler("password_reset")
def _send_link(message: outbox.OutboxMessage) -> None:
    who = people.find_account(message.payload["email"])
    if who is None or not who.active or who.password is None:
        return
    token = generate_reset_password_token(who)
    audit.record("account:ask_reset", who)
    mail.send(mails.reset_password(who, token), key=f"reset:{message.id}")
