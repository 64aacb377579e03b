"""Dates as a calendar file (iCalendar, RFC 5545): lines folded, text escaped, times in UTC."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from portal.agreements.deadlines_list import Due
from portal.agreements.models import Agreement, Meeting
from portal.core import text

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LONGEST_LINE = 75  # octets


def calendar(
    name: str, dues: Iterable[Due], meetings: Iterable[tuple[Agreement, Meeting]]
) -> bytes:
    """Return a calendar with a whole-day event per deadline and one per meeting."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Home-Start Vlaanderen//Portaal//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for one in dues:
        lines += _deadline(one)
    for agreement, meeting in meetings:
        lines += _meeting(agreement, meeting)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _deadline(one: Due) -> list[str]:
    agreement, deadline = one.agreement, one.deadline
    who = f" ({deadline.who})" if deadline.who else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{deadline.key}-{agreement.id}@{_host()}",
        f"DTSTAMP:{_moment(agreement.changed_at)}",
        f"DTSTART;VALUE=DATE:{_day(deadline.on)}",
        f"DTEND;VALUE=DATE:{_day(deadline.on + timedelta(days=1))}",
        f"SUMMARY:{_escaped(f'{_(deadline.topic.label)}: {agreement.title}{who}')}",
        f"DESCRIPTION:{_escaped(_(deadline.topic.hint))}",
        f"URL:{_address(agreement)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _meeting(agreement: Agreement, meeting: Meeting) -> list[str]:
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    cancelled = meeting.cancelled_at is not None
    found = [
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.id}@{_host()}",
        f"DTSTAMP:{_moment(meeting.cancelled_at or meeting.planned_at)}",
        f"SEQUENCE:{meeting.sequence}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_escaped(f'{meeting.subject}: {agreement.title}')}",
        f"URL:{_address(agreement)}",
    ]
    if meeting.place:
        found.append(f"LOCATION:{_escaped(meeting.place)}")
    if meeting.agenda:
        found.append(f"DESCRIPTION:{_escaped(meeting.agenda)}")
    return [*found, "END:VEVENT"]


def _escaped(value: str) -> str:
    """Return text as a value: whatever was typed stays text."""
    plain = text.paragraphs(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """Yield a line in pieces of at most 75 octets, never cutting through a character."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece


def _moment(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def _day(on: date) -> str:
    return on.strftime("%Y%m%d")


def _address(agreement: Agreement) -> str:
    return f"{current_app.config['BASE_URL']}/overeenkomsten/{agreement.reference}"


def _host() -> str:
    return str(current_app.config["MAIL_SENDER"]).split("@")[-1]
