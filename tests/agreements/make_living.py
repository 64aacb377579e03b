"""Builders of agreements in force. `active` is the one place that takes them past approval."""

from datetime import date, timedelta
from typing import Any

from portal.agreements import attachments, decisions, deliveries, drafting, ending, meeting_reports
from portal.agreements.deliveries import Done
from portal.agreements.ending import NoticeDetails
from portal.agreements.meeting_reports import ReportDetails
from portal.agreements.models import (
    Agreement,
    Delivery,
    DeliveryKind,
    Meeting,
    Notice,
    NoticeForm,
    NoticeGround,
    Status,
)
from portal.agreements.signatories import bodies
from portal.agreements.terms import Formula
from portal.core import clock
from portal.core.db import db
from portal.directory.models import Organisation
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World
from tests.core.files import PNG


def active(
    world: World,
    *organisations: Organisation,
    starts_on: date | None = None,
    years: int = 3,
    formula: Formula = Formula.EXPERT,
    **changes: Any,
) -> Agreement:
    """An agreement in force since the first of January of last year (Gent's, by default)."""
    agreement = proposed(
        world, *organisations, starts_on=starts_on, years=years, formula=formula, **changes
    )
    make_negotiation.accept_all(world, agreement)
    for party in decisions.awaited(agreement):
        by = next(n for n in world.negotiators if n.organisation_id == party.organisation_id)
        make_negotiation.decided(agreement, by, party.deciding_body or bodies(party.kind)[0])
    assert agreement.status == Status.APPROVED
    signed(agreement)
    return agreement


def proposed(
    world: World,
    *organisations: Organisation,
    starts_on: date | None = None,
    years: int = 3,
    formula: Formula = Formula.EXPERT,
    **changes: Any,
) -> Agreement:
    """A proposal for a term that has begun, so that it can be in force today."""
    begun = starts_on or date(clock.today().year - 1, 1, 1)
    agreement = make_negotiation.drafted(world, *(organisations or (world.gent,)), formula=formula)
    moved = drafting.with_dates(agreement.terms, begun, drafting.last_day(begun, years))
    agreement.terms = moved.with_(**changes)
    make_negotiation.propose(world, agreement)
    return agreement


def signed(agreement: Agreement) -> None:
    """What the envelope does when the last one signs."""
    agreement.status = Status.ACTIVE
    db.session.commit()


def delivery(
    world: World,
    agreement: Agreement,
    kind: DeliveryKind = DeliveryKind.COACHING_TALK,
    done_on: date | None = None,
    **values: Any,
) -> Delivery:
    """Something HSV did for an agreement, yesterday by default."""
    on = done_on or clock.today() - timedelta(days=1)
    done = Done(kind, on, **{"by_name": "Ann Claes", **values})
    made = deliveries.record(make_negotiation.manager(world), agreement, done)
    db.session.commit()
    return made


def met(world: World, agreement: Agreement, days_ago: int = 3) -> Meeting:
    """A meeting of the steering group that took place."""
    made = Meeting(
        agreement_id=agreement.id,
        starts_at=clock.now() - timedelta(days=days_ago),
        minutes=90,
        subject="Stuurgroep",
        planned_by_id=world.manager.account.id,
        planned_at=clock.now() - timedelta(days=days_ago + 20),
    )
    db.session.add(made)
    db.session.commit()
    return made


def reported(world: World, agreement: Agreement, days_ago: int = 3) -> Meeting:
    """A meeting with a report that everybody reads."""
    manager = make_negotiation.manager(world)
    meeting = met(world, agreement, days_ago)
    details = ReportDetails("Karel Maes\nAnn Claes", "", "De werking loopt goed.")
    report = meeting_reports.write(manager, meeting, details)
    meeting_reports.share(manager, agreement, report)
    db.session.commit()
    return meeting


def notice(world: World, agreement: Agreement) -> Notice:
    """Notice by HSV, today, with its letter."""
    details = NoticeDetails(
        None, NoticeGround.TERM, NoticeForm.REGISTERED, clock.today(), "De subsidie valt weg."
    )
    letter = attachments.keep(PNG, "opzegging.png")
    made = ending.give_notice(make_negotiation.manager(world), agreement, details, letter, None)
    db.session.commit()
    return made
