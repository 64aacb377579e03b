"""The mails the demonstration would have sent, so that people can follow the links in them."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from flask import current_app, render_template, request

MOST = 40


@dataclass(frozen=True)
class Kept:
    """A mail kept in the folder, as text."""

    to: str
    subject: str
    sent_at: datetime
    text: str


def demo_mail() -> str:
    """Show the mails kept, the latest first; `aan`: those to addresses with this in it."""
    folder = Path(current_app.config["MAIL_FOLDER"])
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    wanted = request.args.get("aan", "").strip().lower()
    found = (mail for mail in map(_read, files) if wanted in mail.to.lower())
    mails = list(islice(found, MOST))
    return render_template("home/demo_mail.html", mails=mails, wanted=wanted)


def _read(file: Path) -> Kept:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Kept(
        str(message["To"]),
        str(message["Subject"]),
        parsedate_to_datetime(str(message["Date"])),
        body.get_content() if body else "",
    )
