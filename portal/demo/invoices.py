"""A year of invoices: delivered, failed, credited, asked about, and some that wait for a person."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.core import clock, outbox
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.demo import late, online
from portal.directory.models import Organisation
from portal.finance import (
    bill_run,
    billing,
    crediting,
    delivering,
    invoice_drafts,
    invoicing_details,
    invoicing_settings,
    issuing,
    questions,
)
from portal.finance.content import HOUR, Line
from portal.finance.invoice_drafts import Request
from portal.finance.invoicing_details import Wishes
from portal.finance.invoicing_settings import Details
from portal.finance.models import Channel, Invoice, InvoiceKind

CITY, TOWN, LATE = "Stad Sint-Niklaas", "Gemeente Temse", "Stad Lokeren"
COURSE = "Startcursus voor coördinatoren, per deelnemer"
EVENINGS = "Tweemaal voor het eerst, reeks van vier"
PAID_ONLINE, UNDER_WAY = "Cursusmappen voor vrijwilligers", "Studiedag, per deelnemer"
# days ago, partner, kind, lines
ISSUED = (
    (320, CITY, InvoiceKind.INVOICE, (Line(COURSE, 185_00, 2_00),)),
    (250, TOWN, InvoiceKind.INVOICE, (Line(COURSE, 185_00), Line("Cursusmap", 24_50, 3_00))),
    (
        180,
        CITY,
        InvoiceKind.CLAIM,
        (Line("Toelage voor de kick-off in het Huis van het Kind", 1_500_00),),
    ),
    (120, LATE, InvoiceKind.INVOICE, (Line("Vorming op maat", 95_00, 6_50, HOUR),)),
    (70, TOWN, InvoiceKind.INVOICE, (Line(late.GIVEN_NOTICE, 420_00),)),
    (60, CITY, InvoiceKind.INVOICE, (Line(EVENINGS, 640_00),)),
    (58, TOWN, InvoiceKind.INVOICE, (Line(late.REMINDED_TWICE, 38_50, 4_00),)),
    (45, CITY, InvoiceKind.INVOICE, (Line(late.PAUSED, 275_00),)),
    (42, TOWN, InvoiceKind.INVOICE, (Line(late.REMINDED, 96_00),)),
    (39, CITY, InvoiceKind.INVOICE, (Line("Vervoer naar de netwerkdag", 54_20),)),
    (12, LATE, InvoiceKind.INVOICE, (Line("Werkboeken voor vrijwilligers", 18_75, 24_00),)),
    (11, CITY, InvoiceKind.INVOICE, (Line(PAID_ONLINE, 24_50, 2_00),)),
    (6, CITY, InvoiceKind.INVOICE, (Line(UNDER_WAY, 45_00, 3_00),)),
)


def build(officer_email: str, contact_email: str) -> None:
    """Store them; the worker has nothing left to deliver but what failed."""
    officer = bill_run.acting(officer_email, Role.FINANCE_OFFICER)
    contact = bill_run.acting(contact_email, Role.PARTNER_FINANCE)
    with _days_ago(330):
        _settings(officer)
        for name in (CITY, TOWN, LATE):
            _details(name, officer)
        db.session.commit()
    made = [_issued(officer, *row) for row in ISSUED[:4]]
    _credited(officer, made[-1])
    made += [_issued(officer, *row) for row in ISSUED[4:]]
    _talk(officer, contact, made[0], next(m for m in made if m.lines[0].description == EVENINGS))
    late.build(officer, made)
    online.build(PAID_ONLINE, UNDER_WAY)
    _drafts(officer)
    billing.prepare(billing.standing(clock.today()).to_bill, officer)
    db.session.commit()


def _issued(
    officer: Actor, days: int, partner: str, kind: InvoiceKind, lines: tuple[Line, ...]
) -> Invoice:
    with _days_ago(days):
        made = invoice_drafts.prepare(Request(kind, _organisation(partner), lines), officer)
        issuing.issue(officer, made, made.version)
        db.session.commit()
        with _no_alarm_over(partner):
            outbox.deliver_due()
    return made


@contextmanager
def _no_alarm_over(partner: str) -> Iterator[None]:
    """Log no error for the deliveries that are made to fail; whatever else fails is still logged.

    LATE wants its invoices by Peppol, which the demonstration does not have.
    """

    def is_real(record: logging.LogRecord) -> bool:
        said = record.getMessage()
        return not (said.startswith("outbox invoice") and said.endswith("PermanentError"))

    if partner == LATE:
        outbox.log.addFilter(is_real)
    try:
        yield
    finally:
        outbox.log.removeFilter(is_real)


def _credited(officer: Actor, invoice: Invoice) -> None:
    """What Peppol could not deliver goes by e-mail; part of it is taken back."""
    with _days_ago(110):
        delivering.send_again(officer, invoice, Channel.EMAIL)
        db.session.commit()
        outbox.deliver_due()
    with _days_ago(100):
        less = Line("Twee uur minder gegeven dan voorzien", 95_00, 2_00, HOUR)
        note = crediting.credit(officer, invoice, (less,), "De sessie was korter dan gepland.")
        issuing.issue(officer, note, note.version)
        db.session.commit()
        with _no_alarm_over(LATE):
            outbox.deliver_due()
        delivering.send_again(officer, note, Channel.EMAIL)
        db.session.commit()
        outbox.deliver_due()


def _talk(officer: Actor, contact: Actor, course: Invoice, evenings: Invoice) -> None:
    with _days_ago(50):
        asked = questions.ask(
            contact, evenings, "Kan de factuur opgesplitst worden per reeks van twee avonden?"
        )
        db.session.commit()
    with _days_ago(48):
        answer = "Dat kan vanaf volgend jaar; dit jaar is de reeks één geheel."
        questions.answer(officer, evenings, asked, answer)
        db.session.commit()
    with _days_ago(1):
        questions.ask(contact, course, "Op welke dag volgde onze tweede deelnemer de cursus?")
        db.session.commit()


def _drafts(officer: Actor) -> None:
    complete = Request(InvoiceKind.INVOICE, _organisation(TOWN), (Line("Materiaalkoffer", 129_00),))
    invoice_drafts.prepare(complete, officer)
    lines = (Line(COURSE, 185_00, 3_00),)
    wanting = Request(
        InvoiceKind.INVOICE, _organisation(CITY), lines, order_number="", buyer_reference=""
    )
    invoice_drafts.announce(officer, invoice_drafts.prepare(wanting, officer))
    unwanted = invoice_drafts.prepare(
        Request(InvoiceKind.INVOICE, _organisation(LATE), (Line("Zaalhuur", 60_00),)), officer
    )
    invoice_drafts.set_aside(officer, unwanted, unwanted.version)
    db.session.commit()


def _settings(officer: Actor) -> None:
    invoicing_settings.record(
        Details(
            from_on=date(clock.today().year, 1, 1),
            name="Home-Start Vlaanderen vzw",
            street="Voorbeeldstraat 7",
            postcode="3000",
            city="Leuven",
            kbo="0400000086",
            register="RPR Leuven",
            email="facturen@homestart.portal.test",
            phone="016 00 00 00",
            iban="BE71096123456769",
            bic="GKCCBEBB",
        ),
        officer,
    )


def _details(name: str, officer: Actor) -> None:
    """An address for each, and for one a wish that this installation cannot meet."""
    partner = _organisation(name)
    city = name.split(maxsplit=1)[1]
    partner.street, partner.city = "Grote Markt 1", city
    partner.postcode = {CITY: "9100", TOWN: "9140"}.get(name, "9160")
    wishes = Wishes(
        peppol_id=invoicing_details.default_peppol_id(partner),
        buyer_reference="Dienst Welzijn",
        email=f"facturen@{city.lower()}.portal.test",
        channel=Channel.PEPPOL if name == LATE else None,
    )
    invoicing_details.change(partner, wishes, None, officer)


def _organisation(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one()


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """Let the portal live on an earlier day, at nine in the morning; not before this year."""
    real = clock.now
    now = real()
    day = max(now - timedelta(days=days), datetime(now.year, 1, 3, tzinfo=UTC))
    moment = day.replace(hour=8, minute=0)
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = real
