"""Enquiries: asked by anybody, confirmed by link, answered by HSV.

What comes from outside makes an enquiry and nothing else: no account, person or organisation the
portal knows is changed by it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update

from portal.accounts import tokens
from portal.agreements import enquiry_notices
from portal.agreements.enquiry_states import workflow
from portal.agreements.models import Enquiry, EnquiryEvent, EnquiryStatus
from portal.agreements.scenarios import Snapshot
from portal.core import clock, terms
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.plain import to_plain
from portal.core.references import new_reference
from portal.directory.models import Organisation

LETTER = "A"
UNCONFIRMED_KEPT = timedelta(days=7)
MOST_A_DAY = 5  # unconfirmed, for one e-mail address
_OVER = N_("Deze link is al gebruikt of verlopen. Stel je vraag opnieuw.")


@dataclass(frozen=True)
class Question:
    """What somebody filled in. organisation: the local government picked, if one was."""

    name: str
    function: str
    email: str
    organisation_name: str
    organisation_kind: str
    municipalities: tuple[str, ...]
    support: str
    budget: str
    phone: str = ""
    organisation: Organisation | None = None
    formula: str = ""
    partners: str = ""
    support_text: str = ""
    budget_text: str = ""
    initiatives: str = ""
    remarks: str = ""
    locale: str = field(default="nl")


def ask(question: Question, snapshot: Snapshot | None) -> Enquiry:
    """Keep a question and mail the link that confirms it. Raises DomainError when one address
    asks too often. HSV hears nothing until the link is followed."""
    _check_not_too_many(question.email)
    token, token_hash = tokens.new_token()
    now = clock.now()
    known = question.organisation
    asked = {k: v for k, v in vars(question).items() if k != "organisation"}
    enquiry = Enquiry(
        **{**asked, "email": question.email.lower(), "municipalities": [*question.municipalities]},
        reference=new_reference(LETTER),
        status=EnquiryStatus.UNCONFIRMED,
        organisation_id=known.id if known else None,
        scenario=to_plain(snapshot) if snapshot else None,
        token_hash=token_hash,
        token_expires_at=now + terms.days("ENQUIRY_LINK_DAYS"),
        asked_at=now,
        changed_at=now,
    )
    db.session.add(enquiry)
    db.session.flush()
    enquiry_notices.ask_to_confirm(enquiry, token)
    return enquiry


def _check_not_too_many(email: str) -> None:
    recent = select(func.count(Enquiry.id)).where(
        Enquiry.email == email.lower(),
        Enquiry.status == EnquiryStatus.UNCONFIRMED,
        Enquiry.asked_at > clock.now() - timedelta(days=1),
    )
    if (db.session.scalar(recent) or 0) >= MOST_A_DAY:
        raise DomainError(
            N_("Voor dit e-mailadres wachten al aanvragen op bevestiging. Kijk in je mailbox."),
            "email",
        )


def unconfirmed(token: str) -> Enquiry | None:
    """Return the enquiry behind a link, as long as it can be confirmed."""
    return db.session.scalar(
        select(Enquiry).where(
            Enquiry.token_hash == tokens.digest(token),
            Enquiry.status == EnquiryStatus.UNCONFIRMED,
            Enquiry.token_expires_at > clock.now(),
        )
    )


def confirm(token: str) -> Enquiry:
    """Take the enquiry in, tell who asked and HSV. Works once; of two at the same time one wins.

    Raises DomainError for a link that was used or expired.
    """
    found = db.session.scalars(
        update(Enquiry)
        .where(Enquiry.token_hash == tokens.digest(token))
        .where(Enquiry.status == EnquiryStatus.UNCONFIRMED)
        .where(Enquiry.token_expires_at > clock.now())
        .values(token_hash=None, token_expires_at=None, confirmed_at=clock.now())
        .returning(Enquiry)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise DomainError(_OVER)
    workflow.fire(found, "confirm", None, fields={"confirmed_at"})
    return found


def enquiry(actor: Actor, reference: str) -> Enquiry:
    """Return one enquiry this person may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Enquiry).where(Enquiry.reference == reference, Enquiry.visible_to(actor))
    )
    if found is None:
        raise NotFoundError()
    return found


def waiting(actor: Actor, most: int) -> list[Enquiry]:
    """Return the enquiries that wait for a first answer, the oldest first; of who may see them."""
    query = select(Enquiry).where(
        Enquiry.visible_to(actor), Enquiry.status == EnquiryStatus.RECEIVED
    )
    return list(db.session.scalars(query.order_by(Enquiry.asked_at).limit(most)))


def answer(actor: Actor, found: Enquiry, text: str, version: int | None) -> None:
    """Mail an answer to who asked. Raises ConflictError when somebody else acted in between."""
    workflow.expect(found, version)
    workflow.fire(found, "answer", actor, note=text)


def decline(actor: Actor, found: Enquiry, reason: str, version: int | None) -> None:
    """Say why HSV goes no further. Raises ConflictError when somebody else acted in between."""
    workflow.expect(found, version)
    workflow.fire(found, "decline", actor, note=reason)


@periodic(timedelta(days=1))
def forget_old() -> int:
    """Delete what was never confirmed, and what came to nothing long ago; they hold addresses."""
    now = clock.now()
    never = (Enquiry.status == EnquiryStatus.UNCONFIRMED) & (
        Enquiry.asked_at < now - UNCONFIRMED_KEPT
    )
    nothing = Enquiry.status.in_((EnquiryStatus.DECLINED, EnquiryStatus.ANSWERED)) & (
        Enquiry.changed_at < now - terms.days("ENQUIRY_KEPT_DAYS")
    )
    ids = db.session.scalars(select(Enquiry.id).where(or_(never, nothing))).all()
    db.session.execute(delete(EnquiryEvent).where(EnquiryEvent.enquiry_id.in_(ids)))
    db.session.execute(delete(Enquiry).where(Enquiry.id.in_(ids)))
    return len(ids)
