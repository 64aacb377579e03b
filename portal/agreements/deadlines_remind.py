"""Reminders: a mail to who is to act, some days before a deadline, once."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts import service as accounts
from portal.agreements import deadlines, notices
from portal.agreements.deadlines import FOLLOWED, Deadline
from portal.agreements.models import (
    Addendum,
    AddendumVersion,
    Agreement,
    AgreementParty,
    Reminder,
    RenewalRound,
)
from portal.agreements.models.agreement import NEGOTIABLE
from portal.core import clock, mail
from portal.core.db import db, insert_if_absent, new_id
from portal.core.i18n import N_, long_date, speaking
from portal.core.jobs import periodic
from portal.core.permissions import Role
from portal.core.terms import days

SUBJECT = N_("{what} tegen {day}: {title}")
LATE = N_("{what} was verwacht tegen {day}: {title}")


@periodic(timedelta(hours=6))
def remind() -> int:
    """Write the reminders that are due and were not sent before. Returns how many."""
    until = clock.today() + days("REMIND_DAYS")
    agreements = db.session.scalars(
        select(Agreement)
        .where(Agreement.status.in_((*NEGOTIABLE, *FOLLOWED)))
        .options(
            selectinload(Agreement.parties).joinedload(AgreementParty.organisation),
            selectinload(Agreement.versions),
            selectinload(Agreement.decisions),
            selectinload(Agreement.events),
            selectinload(Agreement.renewals).selectinload(RenewalRound.answers),
            selectinload(Agreement.addenda).options(
                selectinload(Addendum.versions).selectinload(AddendumVersion.answers),
                selectinload(Addendum.decisions),
            ),
            selectinload(Agreement.meetings),
        )
        .order_by(Agreement.id)
    )
    return sum(
        _remind(agreement, one)
        for agreement in agreements
        for one in deadlines.upcoming(agreement, clock.today())
        if one.on <= until
    )


def _remind(agreement: Agreement, deadline: Deadline) -> int:
    sent = 0
    for person in _people(agreement, deadline):
        new = insert_if_absent(
            Reminder,
            id=new_id(),
            agreement_id=agreement.id,
            account_id=person.account_id,
            deadline=deadline.key,
            due_on=deadline.on,
            sent_at=clock.now(),
        )
        if new:
            _send(agreement, deadline, person)
            sent += 1
    return sent


def _people(agreement: Agreement, deadline: Deadline) -> list[accounts.Recipient]:
    found = list(notices.audience(agreement, "hsv")) if deadline.hsv else []
    for organisation_id in deadline.organisation_ids:
        found += accounts.members_of_organisation(organisation_id, Role.NEGOTIATOR)
    return list({one.account_id: one for one in found}.values())


def _send(agreement: Agreement, deadline: Deadline, person: accounts.Recipient) -> None:
    late = deadline.on < clock.today()
    with speaking(person.locale) as _:
        values = {
            "what": _(deadline.topic.label),
            "day": long_date(deadline.on),
            "title": agreement.title,
        }
        message = mail.Mail(
            to=person.email,
            subject=_(LATE if late else SUBJECT).format(**values),
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[
                _("Overeenkomst {reference}, “{title}”.").format(
                    reference=agreement.reference, title=agreement.title
                ),
                _(deadline.topic.hint),
            ],
            button_label=_("Bekijk de overeenkomst"),
            button_url=f"/overeenkomsten/{agreement.reference}",
            footer=_("Je krijgt deze herinnering één keer."),
            locale=person.locale,
        )
    key = f"reminder:{agreement.id}:{deadline.key}:{deadline.on.isoformat()}:{person.account_id}"
    mail.send(message, key=key)
