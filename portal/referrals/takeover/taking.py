"""Taking a list over: every family becomes a referral of the branch, in one transaction."""

from datetime import UTC, datetime, time

from portal.core import audit, clock
from portal.core.clock import BRUSSELS
from portal.core.db import db
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.referrals import consents
from portal.referrals.choices import Feedback
from portal.referrals.filled import ConsentGiven, Practical, Referrer, Situation, Submission
from portal.referrals.models import Channel, Consent, Match, Referral, Status
from portal.referrals.states import workflow
from portal.referrals.submission import sealed_family, unused_references
from portal.referrals.takeover import pending, preview
from portal.referrals.takeover.families import Taken
from portal.referrals.takeover.pending import PendingList

# What the consent of these families rests on: the branch's own conversation, not our text.
TEXT_VERSION = "eigen lijst afdeling"


def take_over(actor: Actor, waiting: PendingList, *, with_alike: bool) -> int:
    """Make a referral of each row that is in order, and delete the list. Returns how many.

    `with_alike` also takes the families that may be known already. Rows with a mistake are never
    taken. Everything is checked anew: time passed since the preview.
    """
    rows = pending.opened(actor, waiting)
    chosen = preview.of(actor, rows).chosen(with_alike=with_alike)
    references = unused_references(len(chosen))
    with db.session.no_autoflush:
        made = [
            _make(actor, one.taken, reference)
            for one, reference in zip(chosen, references, strict=True)
            if one.taken is not None
        ]
        db.session.flush()  # all of them at once: a row at a time takes minutes
        for referral, consent in made:
            consents.record_first(actor, referral, consent)
    db.session.flush()
    audit.record("pending_list:take_over", waiting, actor=actor)
    db.session.delete(waiting)
    return len(chosen)


def _make(actor: Actor, taken: Taken, reference: str) -> tuple[Referral, Consent]:
    received_on = taken.days["received_on"]
    assert received_on is not None
    referral = Referral(
        reference=reference,
        status=Status.DRAFT,
        changed_at=clock.now(),
        municipality_nis=taken.nis,
        postcode=taken.postcode,
        branch_id=actor.branch_id,
        channel=Channel.LIST,
        referrer_kind=taken.referrer_kind,
        received_at=datetime.combine(received_on, time(12), BRUSSELS).astimezone(UTC),
        first_contact_due_on=clock.today() + days("FIRST_CONTACT_DAYS"),
        first_contact_on=taken.days["contact_on"],
        intake_on=taken.days["intake_on"],
        waiting_since_on=taken.days["waiting_since_on"],
        matched_on=taken.days["matched_on"],
        started_on=taken.days["started_on"],
        priority=int(taken.priority),
        feedback=Feedback.NONE,
        referrer_hears=False,
    )
    family = sealed_family(_submission(taken))
    family.street = taken.street
    family.situation |= {"referred_by": taken.referred_by}
    referral.family = family
    referral.consent = consent = _consent(actor, taken)
    if taken.days["matched_on"] is not None:
        referral.matches.append(_match(taken))
    db.session.add(referral)
    workflow.fire(referral, "take_over", actor, on=received_on, note=taken.note, flush=False)
    return referral, consent


def _consent(actor: Actor, taken: Taken) -> Consent:
    return Consent(
        text_version=TEXT_VERSION,
        given_by=taken.consent_by,
        given_on=taken.consent_on,
        manner=taken.consent_manner,
        language=taken.household.language,
        leaflet_given=False,
        shares_health=False,
        feedback=Feedback.NONE,
        kept_when_unserved=False,
        secrecy_lines=[],
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )


def _match(taken: Taken) -> Match:
    matched_on = taken.days["matched_on"]
    assert matched_on is not None
    match = Match(
        proposed_on=matched_on,
        family_accepted_on=matched_on,
        volunteer_accepted_on=matched_on,
        introduced_on=taken.days["started_on"],
        started_on=taken.days["started_on"],
    )
    match.volunteer_name = taken.volunteer
    return match


def _submission(taken: Taken) -> Submission:
    """Return the row in the shape every referral has."""
    return Submission(
        referrer=Referrer("", "", "", stays_involved=False, wants_feedback=False),
        consent=ConsentGiven(
            informed=True,
            agrees=True,
            given_by=taken.consent_by,
            given_on=taken.consent_on,
            manner=taken.consent_manner,
            language=taken.household.language,
            leaflet_given=False,
            shares_health=False,
            feedback=Feedback.NONE,
            kept_when_unserved=False,
            secrecy_lines=(),
        ),
        nis=taken.nis,
        postcode=taken.postcode,
        identity=taken.identity,
        household=taken.household,
        situation=Situation(
            indicators=taken.indicators, tasks=(), question=taken.question, strengths=""
        ),
        practical=Practical("", "", "", known_risk=False),
    )
