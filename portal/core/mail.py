"""E-mail: a function that returns a Mail, a row in the outbox, a delivery by SMTP.

No mail carries a family's data, in subject or body: it says that something happened and links to
the portal, behind sign-in.
"""

import smtplib
import ssl
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate

from flask import current_app, render_template

from portal.core import outbox
from portal.core.clock import now


@dataclass(frozen=True)
class Mail:
    """One e-mail to one person, in plain sentences, with at most one button."""

    to: str
    subject: str
    paragraphs: list[str]
    greeting: str = ""
    button_label: str = ""
    button_url: str = ""
    footer: str = ""
    locale: str = field(default="nl")


def send(mail: Mail, *, key: str) -> None:
    """Write the mail into the outbox, in the transaction under way. `key` says which mail it is."""
    outbox.enqueue("mail", asdict(mail), key=f"mail:{key}", subject=mail.subject)


@outbox.handler("mail")
def _deliver(message: outbox.OutboxMessage) -> None:
    mail = Mail(**message.payload)
    email = _compose(mail, message)
    try:
        with _connect() as smtp:
            smtp.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        code, _text = next(iter(error.recipients.values()))
        if 500 <= code < 600:
            raise outbox.PermanentError(
                f"De mailserver van de ontvanger weigert dit adres ({code})."
            ) from error
        raise


def _compose(mail: Mail, message: outbox.OutboxMessage) -> EmailMessage:
    config = current_app.config
    email = EmailMessage()
    email["From"] = formataddr((config["MAIL_SENDER_NAME"], config["MAIL_SENDER"]))
    email["To"] = mail.to
    email["Subject"] = mail.subject
    email["Date"] = formatdate(now().timestamp())
    # Stable over retries, so that a mail delivered twice is recognised as one.
    email["Message-ID"] = f"<{message.id}@{config['MAIL_SENDER'].split('@')[1]}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(render_template("mail/message.txt", mail=mail))
    email.add_alternative(render_template("mail/message.html", mail=mail), subtype="html")
    return email


def _connect() -> smtplib.SMTP:
    config = current_app.config
    smtp = smtplib.SMTP(config["SMTP_HOST"], config["SMTP_PORT"], timeout=20)
    if config["SMTP_STARTTLS"]:
        smtp.starttls(context=ssl.create_default_context())
    if config["SMTP_USER"]:
        smtp.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
    return smtp
