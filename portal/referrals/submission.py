"""Submitting a referral: it is built, routed to its branch and sent on its way."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from portal.accounts.guest_models import Guest
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.directory.models import Branch, Municipality, Organisation
from portal.directory.municipalities import resolve
from portal.referrals import consents, receipt, rules, texts
from portal.referrals.filled import Submission
from portal.referrals.models import Channel, Consent, Draft, Family, Referral, Status, UnmetDemand
from portal.referrals.reference import new_reference
from portal.referrals.routing import branch_for
from portal.referrals.states import workflow
from portal.referrals.text_kinds import TextKind


def submit(actor: Actor | None, submission: Submission, draft: Draft | None = None) -> Referral:
    """Turn what was filled in into a referral, and send it on its way. Returns the referral.

    Without an actor a parent asks for herself; she gets no paper to file.
    Where no branch serves the municipality it is registered as unmet demand; the family is then
    kept only if it asked for that. Raises DomainError.
    """
    rules.check(submission)
    municipality = resolve(submission.nis, submission.postcode)
    branch = branch_for(municipality.nis, clock.today())
    handed_over = branch is not None or submission.consent.kept_when_unserved
    if handed_over:
        rules.check_handing_over(submission)
    referral = _build(actor, submission, municipality, branch)
    db.session.add(referral)
    if handed_over:
        referral.consent = _consent(actor, submission)
        referral.family = sealed_family(submission)
    if branch is None:
        _count_unmet(referral, submission)
    db.session.flush()
    if referral.consent is not None:
        consents.record_first(actor, referral, referral.consent)
    workflow.fire(referral, "submit" if branch else "register_unmet", actor)
    if actor is not None:
        document = receipt.issue(referral, actor)
        db.session.flush()
        referral.receipt_id = document.id
    if draft is not None:
        db.session.delete(draft)
    return referral


def _build(
    actor: Actor | None, submission: Submission, municipality: Municipality, branch: Branch | None
) -> Referral:
    now = clock.now()
    return Referral(
        reference=unused_references(1)[0],
        status=Status.DRAFT,
        changed_at=now,
        municipality=municipality,
        postcode=submission.postcode,
        branch=branch,
        **_sent_by(actor),
        received_at=now,
        first_contact_due_on=clock.today() + days("FIRST_CONTACT_DAYS"),
        priority=0,
        feedback=submission.consent.feedback,
        referrer_hears=submission.referrer.wants_feedback,
    )


def _sent_by(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"channel": Channel.SELF, "referrer_kind": str(Channel.SELF)}
    if actor.guest_id is not None:
        guest = db.session.get_one(Guest, actor.guest_id)
        return {"guest": guest, "referrer_kind": str(guest.organisation_kind)}
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    return {
        "organisation": organisation,
        "referrer_kind": str(organisation.kind),
        "account_id": actor.account_id,
    }


def unused_references(number: int) -> list[str]:
    """Return so many references that no referral has, all different, in a few queries."""
    found: set[str] = set()
    while len(found) < number:
        new = {new_reference() for _ in range(min(number - len(found), 400))}
        taken = select(Referral.reference).where(Referral.reference.in_(new))
        found |= new - set(db.session.scalars(taken))
    return sorted(found)


def _consent(actor: Actor | None, submission: Submission) -> Consent:
    given = submission.consent
    return Consent(
        text_version=texts.in_use(TextKind.CONSENT if actor else TextKind.SELF).name,
        given_by=given.given_by,
        given_on=given.given_on,
        manner=given.manner,
        language=given.language,
        leaflet_given=given.leaflet_given,
        shares_health=given.shares_health,
        feedback=given.feedback,
        kept_when_unserved=given.kept_when_unserved,
        secrecy_lines=sorted(given.secrecy_lines),
        recorded_by_id=actor.account_id or None if actor else None,
        recorded_at=clock.now(),
    )


def sealed_family(submission: Submission) -> Family:
    """Return what concerns the family, sealed, one part per purpose of its consent."""
    family = Family()
    family.identity = asdict(submission.identity)
    household = asdict(submission.household)
    household["children"] = [
        {"born": child.born.isoformat(), "first_name": child.first_name}
        for child in submission.household.children
    ]
    due = submission.household.due
    household["due"] = due.isoformat() if due else None
    family.household = household
    family.situation = asdict(submission.situation) | asdict(submission.referrer)
    family.health = sorted(submission.health)
    family.practical = asdict(submission.practical)
    return family


def _count_unmet(referral: Referral, submission: Submission) -> None:
    """Keep where and when there was a need, without a trace to the family or the referral."""
    demand = UnmetDemand(
        municipality_nis=referral.municipality.nis,
        month=clock.today().replace(day=1),
        referrer_kind=referral.referrer_kind,
        indicators=sorted({*submission.situation.indicators, *submission.health}),
    )
    db.session.add(demand)
