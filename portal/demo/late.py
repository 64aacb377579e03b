"""What is late in the demonstration: reminded once, twice and formally, and one left alone."""

from collections.abc import Sequence
from datetime import timedelta

from portal.core import clock, outbox
from portal.core.db import db
from portal.core.permissions import Actor
from portal.demo import past
from portal.finance import reminder_pauses, reminder_settings, reminder_worklist, reminding
from portal.finance.models import Invoice

GIVEN_NOTICE = "Procesbegeleiding van de stuurgroep"
REMINDED_TWICE = "Materiaalkoffers voor gezinsbezoek"
REMINDED = "Intervisie voor vrijwilligers"
PAUSED = "Gespreksavond voor ouders"
STEPS_TAKEN = {GIVEN_NOTICE: 3, REMINDED_TWICE: 2, REMINDED: 1}


def build(officer: Actor, issued: Sequence[Invoice]) -> None:
    """Take the steps on the days they were due, and pause one because its payment was promised."""
    about = {invoice.lines[0].description: invoice for invoice in issued}
    for words, taken in STEPS_TAKEN.items():
        for step in range(1, taken + 1):
            _remind(about[words], step, officer)
    paused = about[PAUSED]
    until = clock.today() + timedelta(days=10)
    reason = "De stad betaalt na de gemeenteraad van deze maand, zei de financiële dienst."
    reminder_pauses.pause(paused, until, reason, officer)
    db.session.commit()


def _remind(invoice: Invoice, step: int, officer: Actor) -> None:
    """Take one step on its day; early in the year that day may be to come."""
    assert invoice.due_on is not None
    day = invoice.due_on + timedelta(days=reminder_settings.in_force(clock.today()).days(step))
    if day > clock.today():
        return
    with past.at(day, 10):
        found = reminder_worklist.overdue(day, Invoice.id == invoice.id)
        if [one.step for one in found if one.is_ready(day)] != [step]:
            return
        reminding.decide(invoice.organisation_id, step, [invoice.id], officer)
        db.session.commit()
        outbox.deliver_due()
