"""Services delivered: the log of what HSV did for an agreement, and how it is put right.

A row is never changed. Who made a mistake records a better row that takes its place, or strikes
the row out; both say why, and both stay readable.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from portal.agreements import in_force
from portal.agreements.models import Agreement
from portal.agreements.models.delivery import Delivery, DeliveryKind
from portal.agreements.terms import Service
from portal.core import audit, clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission

LONGEST_MINUTES = 60 * 24 * 5  # a course of several days
MOST = 10_000

# the service of the ten that a kind usually counts for
USUAL_SERVICE = {
    DeliveryKind.START_COURSE: 1,
    DeliveryKind.COACHING_TALK: 2,
    DeliveryKind.EXPERT_SUPPORT: 2,
    DeliveryKind.VISITATION: 2,
    DeliveryKind.LEARNING_NETWORK: 3,
    DeliveryKind.VOLUNTEER_COURSE: 4,
    DeliveryKind.MATERIAL: 8,
    DeliveryKind.REPRESENTATION: 9,
}


@dataclass(frozen=True)
class Done:
    """What was done, as somebody of HSV notes it. `service` "": the usual one of its kind."""

    kind: DeliveryKind
    done_on: date
    by_name: str
    service: str = ""
    count: int = 1
    minutes: int | None = None
    text: str = ""


def of(agreement: Agreement) -> Select[Delivery]:
    """Return the statement of the rows that count, whatever their order."""
    return select(Delivery).where(
        Delivery.agreement_id == agreement.id, Delivery.replaced_at.is_(None)
    )


def find(agreement: Agreement, delivery_id: int) -> Delivery:
    """Return one row of an agreement, also one that was replaced. Raises NotFoundError."""
    found = db.session.get(Delivery, delivery_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFoundError()
    return found


def record(
    actor: Actor, agreement: Agreement, done: Done, document: Document | None = None
) -> Delivery:
    """Note something that was done. Raises DomainError, NotAllowedError."""
    _may(actor, agreement)
    _check(agreement, done)
    made = _add(actor, agreement, done, document.id if document else None)
    audit.record("agreement_delivery:record", made, actor=actor)
    return made


def correct(
    actor: Actor,
    agreement: Agreement,
    wrong: Delivery,
    done: Done,
    *,
    reason: str,
    document: Document | None = None,
) -> Delivery:
    """Put a better row in the place of one; its document stays unless a new one comes.

    Raises DomainError, NotAllowedError, or ConflictError when a colleague was first.
    """
    _may(actor, agreement)
    _lock(wrong)
    _check(agreement, done)
    better = _add(actor, agreement, done, document.id if document else wrong.document_id)
    _replace(actor, wrong, reason, better)
    audit.record("agreement_delivery:correct", wrong, actor=actor, fields={"replaced_at"})
    return better


def strike(actor: Actor, agreement: Agreement, wrong: Delivery, reason: str) -> None:
    """Strike a row out: it does not count any more. Raises as `correct` does."""
    _may(actor, agreement)
    _lock(wrong)
    _replace(actor, wrong, reason, None)
    audit.record("agreement_delivery:strike", wrong, actor=actor, fields={"replaced_at"})


def may_record(actor: Actor, agreement: Agreement) -> bool:
    """Say whether this person may write in the log of this agreement now."""
    return actor.can(Permission.DELIVERY_RECORD) and agreement.status in in_force.LIVED


def key_of(service: Service) -> str:
    """Return by what a row names a promised service."""
    return service.title if service.number is None else str(service.number)


def usual_service(agreement: Agreement, kind: DeliveryKind, on: date) -> str:
    """Return the service a kind usually counts for; "" when that one was not promised that day."""
    wanted = str(USUAL_SERVICE.get(kind, ""))
    promised = {key_of(one) for one in in_force.terms(agreement, on).services}
    return wanted if wanted in promised else ""


def _may(actor: Actor, agreement: Agreement) -> None:
    if not actor.can(Permission.DELIVERY_RECORD):
        raise NotAllowedError(N_("Je rol laat deze stap niet toe."))
    if agreement.status not in in_force.LIVED:
        raise ConflictError(N_("Deze overeenkomst is nog niet van kracht."))


def _check(agreement: Agreement, done: Done) -> None:
    terms = in_force.terms(agreement, done.done_on)
    if done.done_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "done_on")
    if terms.starts_on and done.done_on < terms.starts_on:
        raise DomainError(N_("Deze datum ligt voor het begin van de overeenkomst."), "done_on")
    if terms.ends_on and done.done_on > terms.ends_on:
        raise DomainError(N_("Deze datum ligt na het einde van de overeenkomst."), "done_on")
    if not 1 <= done.count <= MOST:
        raise DomainError(N_("Vul een aantal van 1 tot 10.000 in."), "count")
    if done.minutes is not None and not 1 <= done.minutes <= LONGEST_MINUTES:
        raise DomainError(N_("Vul een duur tot 120 uur in."), "hours")
    if done.kind == DeliveryKind.OTHER and not done.text:
        raise DomainError(N_("Schrijf kort wat er gedaan is."), "text")
    if done.service and done.service not in {key_of(one) for one in terms.services}:
        raise DomainError(N_("Deze dienst staat niet in de overeenkomst."), "service")


def _add(actor: Actor, agreement: Agreement, done: Done, document_id: int | None) -> Delivery:
    values = {
        **vars(done),
        "service": done.service or usual_service(agreement, done.kind, done.done_on),
    }
    made = Delivery(
        agreement_id=agreement.id,
        **values,
        document_id=document_id,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _lock(wrong: Delivery) -> None:
    db.session.refresh(wrong, with_for_update=True)
    if wrong.replaced_at is not None:
        raise ConflictError(N_("Een collega heeft deze regel intussen verbeterd of geschrapt."))


def _replace(actor: Actor, wrong: Delivery, reason: str, better: Delivery | None) -> None:
    if not reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
    wrong.replaced_at, wrong.replaced_by_id = clock.now(), actor.account_id
    wrong.replaced_reason = reason
    wrong.successor_id = better.id if better else None
    db.session.flush()
