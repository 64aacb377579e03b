"""E-mail: a function that returns a Mail, a row in the outbox, a delivery by SMTP.

No mail carries a family's data, in subject or body: it says that something happened and links to
the portal, behind sign-in.
"""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path

from flask import current_app, render_template
from flask_babel import force_locale

from portal.core import clock, outbox, text
from portal.core.i18n import N_


@dataclass(frozen=True)
class Mail:
    """One e-mail to one person, in plain sentences, with at most one button.

    `button_url` is a path of the portal; the address of the portal is put in front when it is
    delivered. `footer_url`, a path too, is where one stops such mails.
    """

    to: str
    subject: str
    paragraphs: list[str]
    greeting: str = ""
    button_label: str = ""
    button_url: str = ""
    footer: str = ""
    footer_label: str = ""
    footer_url: str = ""
    locale: str = field(default="nl")


@dataclass(frozen=True)
class Attachment:
    """A file that goes along with a mail."""

    name: str
    media_type: str
    content: bytes


def send(mail: Mail, *, key: str) -> None:
    """Write the mail into the outbox, in the transaction under way. `key` says which mail it is."""
    outbox.enqueue("mail", asdict(mail), key=f"mail:{key}", subject=mail.subject[:200])


@outbox.handler("mail")
def _deliver(message: outbox.OutboxMessage) -> None:
    dispatch(Mail(**message.payload), message.id)


def dispatch(mail: Mail, number: int, attachments: Sequence[Attachment] = ()) -> None:
    """Hand a mail to the mail server now. `number`: of the outbox message it is sent for.

    Raises PermanentError, TryAgainError. For the worker; everybody else calls `send`.
    """
    with force_locale(mail.locale):
        email = compose(mail, number)
    for file in attachments:
        kind, _, subtype = file.media_type.partition("/")
        email.add_attachment(file.content, kind, subtype, filename=file.name)
    if current_app.config["SMTP_HOST"]:
        _hand_over(email)
    else:
        _keep_in_folder(email, number)


def compose(mail: Mail, number: int) -> EmailMessage:
    """Return the message: text and HTML that say the same. Raises PermanentError.

    Its Message-ID is stable over retries, so that a mail delivered twice is recognised as one.
    """
    config = current_app.config
    email = EmailMessage(policy=SMTP)
    email["From"] = formataddr((config["MAIL_SENDER_NAME"], config["MAIL_SENDER"]))
    email["To"] = _recipient(mail.to)
    email["Subject"] = text.line(mail.subject)
    email["Date"] = format_datetime(clock.local(clock.now()))
    email["Message-ID"] = f"<{number}@{config['MAIL_SENDER'].split('@')[1]}>"
    email["Auto-Submitted"] = "auto-generated"
    if mail.button_url.startswith("/"):
        mail = replace(mail, button_url=config["BASE_URL"] + mail.button_url)
    if mail.footer_url:
        mail = replace(mail, footer_url=config["BASE_URL"] + mail.footer_url)
        email["List-Unsubscribe"] = f"<{mail.footer_url}>"
    email.set_content(render_template("mail/message.txt", mail=mail))
    email.add_alternative(render_template("mail/message.html", mail=mail), subtype="html")
    return email


def _recipient(address: str) -> Address:
    """Return one address and nothing else: no second recipient, no other header."""
    try:
        return Address(addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise outbox.PermanentError(N_("Dit is geen geldig e-mailadres.")) from error


def _hand_over(email: EmailMessage) -> None:
    config = current_app.config
    try:
        with smtplib.SMTP(config["SMTP_HOST"], config["SMTP_PORT"], timeout=20) as smtp:
            if config["SMTP_STARTTLS"]:
                smtp.starttls(context=ssl.create_default_context())
            if config["SMTP_USER"]:
                smtp.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
            _send(smtp, email)
    except (OSError, smtplib.SMTPException) as error:
        raise outbox.TryAgainError(
            f"De mailserver is niet bereikbaar of breekt af ({type(error).__name__})."
        ) from error


def _send(smtp: smtplib.SMTP, email: EmailMessage) -> None:
    try:
        smtp.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        code, _words = next(iter(error.recipients.values()))
        raise _refusal(code) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code) from error
    except smtplib.SMTPNotSupportedError as error:
        raise outbox.PermanentError(
            N_("De mailserver kan niet mailen naar een adres met zulke tekens.")
        ) from error


def _refusal(code: int) -> Exception:
    if code >= 500:
        return outbox.PermanentError(
            f"De mailserver weigert deze mail ({code}). Controleer het e-mailadres."
        )
    return outbox.TryAgainError(f"De mailserver vraagt om later opnieuw te proberen ({code}).")


def _keep_in_folder(email: EmailMessage, number: int) -> None:
    """Write the mail where whoever tries the portal can read it; whole or not at all."""
    folder = Path(current_app.config["MAIL_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f"{number}.part"
    unfinished.write_bytes(email.as_bytes())
    unfinished.replace(folder / f"{number}.eml")
