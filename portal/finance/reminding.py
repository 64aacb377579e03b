"""Reminding partners of what is late: a person (or, by setting, the worker) decides, the worker
sends, and looks again just before it does.

A step is taken once for an invoice, in order, and never two within a week: the rows of the steps
taken say so to the database. What was paid, credited, paused or asked about between the decision
and the moment the mail leaves is left out of it, with the invoices held, so that no payment slips
in between; the step can be taken later after all.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.core import audit, clock, documents, mail, outbox
from portal.core.db import db, insert_if_absent, new_id, reading
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, speaking
from portal.core.jobs import periodic
from portal.core.mail import Attachment, Mail
from portal.core.outbox import OutboxMessage, PermanentError, TryAgainError
from portal.core.permissions import Actor, Role
from portal.directory.models import Organisation
from portal.finance import invoicing_details, paper, reminder_settings, reminder_worklist
from portal.finance.models import Invoice, Reminder, ReminderItem, ReminderState
from portal.finance.reminder_letters import Letter, letter_of
from portal.finance.reminder_worklist import Overdue

KIND = "reminder"
NO_ADDRESS = N_(
    "Er is geen e-mailadres voor facturen. Vul het in bij de facturatiegegevens van de partner."
)


def decide(
    organisation_id: int, step: int, invoice_ids: Sequence[int], by: Actor | None
) -> Reminder:
    """Decide that a step is taken for these invoices of a partner; the worker sends the mail.

    What is not (or no longer) due for that step is left out. Raises DomainError when nothing is
    left, or when there is nowhere to send it.
    """
    today = clock.today()
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError()
    items = [one for one in _held(invoice_ids, today) if _fits(one, organisation_id, step, today)]
    if not items:
        raise DomainError(N_("Dit is intussen niet meer nodig, of werd al verstuurd."))
    target = invoicing_details.of(organisation_id).email
    if not target:
        raise DomainError(NO_ADDRESS)
    reminder = Reminder(
        organisation_id=organisation_id,
        step=step,
        state=ReminderState.WAITING,
        target=target,
        account_id=by.account_id if by else None,
        decided_at=clock.now(),
    )
    db.session.add(reminder)
    db.session.flush()
    for one in items:
        _take(reminder, one, today)
    outbox.enqueue(
        KIND, {"reminder_id": reminder.id}, key=f"reminder:{reminder.id}", subject=organisation.name
    )
    audit.record(f"reminder:step_{step}", reminder, actor=by)
    return reminder


def _held(invoice_ids: Sequence[int], today: date) -> list[Overdue]:
    """Return what is late of these invoices, once nobody else books on them or reminds of them."""
    held = select(Invoice.id).where(Invoice.id.in_(invoice_ids)).order_by(Invoice.id)
    db.session.execute(held.with_for_update())
    return reminder_worklist.overdue(today, Invoice.id.in_(invoice_ids))


def _fits(one: Overdue, organisation_id: int, step: int, today: date) -> bool:
    mine = one.invoice.organisation_id == organisation_id
    return mine and one.step == step and one.is_ready(today)


def _take(reminder: Reminder, one: Overdue, today: date) -> None:
    taken = insert_if_absent(
        ReminderItem,
        id=new_id(),
        reminder_id=reminder.id,
        invoice_id=one.invoice.id,
        step=reminder.step,
        decided_on=today,
    )
    assert taken, "the invoice was held while its steps were read"


@outbox.handler(KIND)
def _send(message: OutboxMessage) -> None:
    reminder_id = int(message.payload["reminder_id"])
    try:
        _send_once(reminder_id, message.id)
    except (PermanentError, TryAgainError) as error:
        db.session.rollback()
        reminder = db.session.get_one(Reminder, reminder_id)
        reminder.problem = str(error)[:300]
        over = isinstance(error, PermanentError) or message.attempts >= outbox.GIVE_UP_AFTER
        reminder.state = ReminderState.FAILED if over else ReminderState.WAITING
        db.session.commit()
        raise


def _send_once(reminder_id: int, message_id: int) -> None:
    reminder = db.session.get_one(Reminder, reminder_id, populate_existing=True)
    if reminder.state in (ReminderState.SENT, ReminderState.LEFT_OUT):
        return
    today = clock.today()
    items = _still_needed(reminder, today)
    if not items:
        reminder.state, reminder.problem = ReminderState.LEFT_OUT, ""
        return
    letter = letter_of(reminder.organisation, reminder.step, items, today)
    db.session.commit()  # what was left out is so, and nobody waits for the mail server
    mail.dispatch(
        letter.mail(reminder.target),
        message_id,
        [Attachment(letter.filename, paper.MEDIA_TYPE, letter.pdf)],
    )
    _keep(reminder, letter, items)


def _still_needed(reminder: Reminder, today: date) -> list[Overdue]:
    """Return what is still open and not left alone; give back the step of what is not."""
    taken = {one.invoice_id: one for one in reminder.items if one.step is not None}
    found = {
        one.invoice.id: one
        for one in _held(list(taken), today)
        if one.paused_until is None and not one.asked
    }
    for invoice_id, item in taken.items():
        if invoice_id not in found:
            item.step = None
    db.session.flush()
    return list(found.values())


def _keep(reminder: Reminder, letter: Letter, items: Sequence[Overdue]) -> None:
    reminder.pdf = documents.put(letter.pdf, letter.filename, paper.MEDIA_TYPE, private=False)
    reminder.pdf_sha256 = hashlib.sha256(letter.pdf).digest()
    reminder.subject, reminder.body = letter.text.subject, letter.text.body
    reminder.open_cents = sum(one.open_cents for one in items)
    reminder.state, reminder.problem = ReminderState.SENT, ""
    reminder.sent_at = clock.now()
    db.session.flush()


def send_again(reminder: Reminder, by: Actor) -> None:
    """Send what failed again, to the address the partner has now. Raises DomainError."""
    db.session.refresh(reminder, with_for_update=True)
    if reminder.state != ReminderState.FAILED:
        raise DomainError(N_("Deze herinnering wordt al verstuurd, of is verstuurd."))
    reminder.target = invoicing_details.of(reminder.organisation_id).email
    if not reminder.target:
        raise DomainError(NO_ADDRESS)
    reminder.state, reminder.problem = ReminderState.WAITING, ""
    outbox.enqueue(
        KIND,
        {"reminder_id": reminder.id},
        key=f"reminder:{reminder.id}:{new_id()}",
        subject=reminder.organisation.name,
    )
    audit.record("reminder:send_again", reminder, actor=by)


def find(reminder_id: int) -> Reminder:
    """Return a reminder. Raises NotFoundError."""
    found = db.session.get(Reminder, reminder_id)
    if found is None:
        raise NotFoundError()
    return found


def of(invoice: Invoice) -> list[Reminder]:
    """Return the reminders an invoice was decided to be in, the newest first."""
    query = (
        select(Reminder)
        .join(ReminderItem, ReminderItem.reminder_id == Reminder.id)
        .where(ReminderItem.invoice_id == invoice.id)
        .order_by(Reminder.id.desc())
    )
    return list(db.session.scalars(query))


@periodic(timedelta(hours=6))
def remind() -> None:
    """Send what is due where HSV lets that go by itself; else tell it once a week what waits."""
    today = clock.today()
    with reading():
        waiting = [
            (one.organisation.id, one.step, [item.invoice.id for item in one.items])
            for one in reminder_worklist.batches(today)
            if one.email and one.credit_cents == 0
        ]
        automatic = reminder_settings.in_force(today).automatic
    if not automatic:
        if waiting:
            _tell_officers(len(waiting), today)
        return
    for organisation_id, step, invoice_ids in waiting:
        try:
            decide(organisation_id, step, invoice_ids, None)
        except DomainError:  # a person was first
            db.session.rollback()
        else:
            db.session.commit()


def _tell_officers(number: int, today: date) -> None:
    """Tell HSV's finance officers that reminders wait for them, once a week at most."""
    year, week, _day = today.isocalendar()
    for person in accounts.members_with_role(Role.FINANCE_OFFICER):
        key = f"mail:reminders:{year}-{week}:{person.account_id}"
        known = select(OutboxMessage.id).where(OutboxMessage.key == key)
        if db.session.scalar(known) is not None:
            continue
        with speaking(person.locale) as _:
            message = Mail(
                to=person.email,
                subject=_("Er staan herinneringen klaar"),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[
                    _("Voor {number} partners is een herinnering aan de beurt.").format(
                        number=number
                    )
                    if number > 1
                    else _("Voor één partner is een herinnering aan de beurt."),
                    _("Kijk ze na en verstuur ze met één druk op de knop."),
                ],
                button_label=_("Open in het portaal"),
                button_url="/financien/herinneringen",
                locale=person.locale,
            )
        mail.send(message, key=key.removeprefix("mail:"))
