"""Coming to one text: comments, answers, counter-proposals in Word, agreeing, and stopping.

Every step says which version it is about. When a newer one was proposed in between, the step is
refused with what changed, and what was typed comes back.
"""

from datetime import datetime

from portal.agreements import decisions, proposing
from portal.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Side,
    Turn,
    VersionComment,
)
from portal.agreements.proposing import NEWER, Prepared
from portal.agreements.states import changes_since, workflow
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Change, ConflictError, DomainError, NotAllowedError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission

ARTICLES = range(1, 31)


def comment(
    actor: Actor, agreement: Agreement, number: int, article: int | None, text: str
) -> VersionComment:
    """Say something about an article of the newest version, or about all of it (None).

    Two people may comment at once: both are kept. Raises ConflictError for an older version.
    """
    version = _expect_newest(agreement, number)
    if not text:
        raise DomainError(N_("Schrijf je opmerking."), "text")
    if article is not None and article not in ARTICLES:
        raise DomainError(N_("Dat artikel bestaat niet."), "article")
    _party_of(actor, agreement)
    workflow.fire(agreement, "comment", actor, number=number, note=_about(article, text))
    made = VersionComment(
        version_id=version.id,
        article=article,
        text=text,
        side=Side.PARTNER,
        organisation_id=actor.organisation_id,
        account_id=actor.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def answer(actor: Actor, agreement: Agreement, comment_id: int, text: str) -> VersionComment:
    """Answer a comment for HSV. Raises ConflictError when a colleague was first."""
    workflow.expect(agreement, None)
    found = db.session.get(VersionComment, comment_id, populate_existing=True)
    if found is None or found.on_version.agreement_id != agreement.id:
        raise NotFoundError()
    if not text:
        raise DomainError(N_("Schrijf je antwoord."), "text")
    if found.answered_at is not None:
        change = Change(found.answer, found.answered_at, "")
        raise ConflictError(N_("Een collega heeft deze opmerking intussen beantwoord."), [change])
    note = _about(found.article, text)
    workflow.fire(agreement, "answer", actor, number=found.on_version.number, note=note)
    found.answer, found.answered_by_id = text, actor.account_id
    found.answered_at = clock.now()
    db.session.flush()
    return found


def hand_over(actor: Actor, agreement: Agreement, number: int, note: str = "") -> None:
    """Tell HSV that it is its turn: the comments on this version are complete."""
    _expect_newest(agreement, number)
    _party_of(actor, agreement)
    agreement.turn = Turn.HSV
    workflow.fire(agreement, "hand_over", actor, number=number, note=note)


def upload(
    actor: Actor, agreement: Agreement, based_on: int, prepared: Prepared, note: str = ""
) -> AgreementVersion:
    """Keep a partner's own Word as a counter-proposal, exactly as it came.

    Its terms are those it was based on: HSV reads the differences and takes over in the fields
    what it agrees with. Raises ConflictError when a newer version was proposed.
    """
    _expect_newest(agreement, based_on)
    _party_of(actor, agreement)
    if prepared.number != proposing.next_number(agreement):
        raise ConflictError(NEWER, changes_since(agreement, 0))
    kept = proposing.keep(agreement, prepared, actor, Side.PARTNER, uploaded=True, note=note)
    agreement.turn = Turn.HSV
    workflow.fire(agreement, "counter_propose", actor, number=kept.number, note=note)
    return kept


def take_over(actor: Actor, agreement: Agreement, number: int) -> None:
    """Accept a partner's counter-proposal for HSV: it becomes the text put to all partners.

    Who proposed it has agreed to it already. Raises ConflictError.
    """
    version = _expect_newest(agreement, number)
    agreement.terms = version.terms
    agreement.show(version.terms)
    agreement.turn = Turn.PARTNERS
    workflow.fire(agreement, "take_over", actor, number=number)
    for party in agreement.parties:
        if party.organisation_id == version.organisation_id:
            _accept(party, number, version.proposed_by_id)
    _agree_when_all_do(None, agreement)


def accept(actor: Actor, agreement: Agreement, number: int) -> None:
    """Agree with a version for one's organisation; the last to do so makes it agreed."""
    _expect_newest(agreement, number)
    party = _party_of(actor, agreement)
    if party.accepted_number == number:
        raise DomainError(N_("Jouw organisatie gaf haar akkoord al."))
    workflow.fire(agreement, "accept", actor, number=number)
    _accept(party, number, actor.account_id)
    db.session.flush()
    _agree_when_all_do(actor, agreement)


def outstanding(agreement: Agreement) -> list[AgreementParty]:
    """Return the partners who have not agreed with the newest version."""
    number = agreement.latest.number if agreement.latest else None
    return [p for p in agreement.parties if number is None or p.accepted_number != number]


def reopen(actor: Actor, agreement: Agreement, version: int | None, reason: str) -> None:
    """Go back to negotiating after everybody agreed. What was agreed stays readable."""
    _need(reason)
    workflow.expect(agreement, version)
    agreement.turn = Turn.HSV
    agreement.agreed_number = agreement.agreed_at = agreement.approved_at = None
    for party in agreement.parties:
        party.accepted_number = party.accepted_at = party.accepted_by_id = None
    workflow.fire(agreement, "reopen", actor, note=reason)


def decline(actor: Actor, agreement: Agreement, version: int | None, reason: str) -> None:
    """Stop for one's organisation: the negotiations end."""
    _need(reason)
    workflow.expect(agreement, version)
    _party_of(actor, agreement)
    _stop(actor, agreement, "decline", reason)


def withdraw(actor: Actor, agreement: Agreement, version: int | None, reason: str) -> None:
    """Stop for HSV."""
    _need(reason)
    workflow.expect(agreement, version)
    _stop(actor, agreement, "withdraw", reason)


def assign(actor: Actor, agreement: Agreement, version: int | None, account_id: int) -> None:
    """Choose who of HSV manages the agreement."""
    workflow.expect(agreement, version)
    agreement.manager_id = account_id
    workflow.fire(agreement, "assign", actor, fields={"manager_id"})


def qualify(
    actor: Actor, agreement: Agreement, version: int | None, kind: str, reason: str
) -> None:
    """Record whether this is a subsidy or a service, and why."""
    _need(reason)
    workflow.expect(agreement, version)
    agreement.qualification, agreement.qualification_reason = kind, reason
    workflow.fire(agreement, "qualify", actor, fields={"qualification"}, note=reason)


def _stop(actor: Actor, agreement: Agreement, action: str, reason: str) -> None:
    agreement.turn = Turn.NOBODY
    workflow.fire(agreement, action, actor, note=reason)


def _expect_newest(agreement: Agreement, number: int) -> AgreementVersion:
    """Return the version a person looked at. Raises ConflictError unless it is the newest."""
    workflow.expect(agreement, None)
    db.session.refresh(agreement, ["versions", "parties"])
    latest = agreement.latest
    if latest is None:
        raise NotFoundError()
    if latest.number != number:
        raise ConflictError(NEWER, _since(agreement, number))
    return latest


def _since(agreement: Agreement, number: int) -> list[Change]:
    """Return what happened since a version was proposed."""
    seen = next((v.proposed_at for v in agreement.versions if v.number == number), None)
    every = changes_since(agreement, 0)
    return [c for c in every if seen is None or (isinstance(c.at, datetime) and c.at > seen)]


def _party_of(actor: Actor, agreement: Agreement) -> AgreementParty:
    if not actor.can(Permission.AGREEMENT_NEGOTIATE):
        raise NotAllowedError(N_("Je rol laat deze stap niet toe."))
    for party in agreement.parties:
        if party.organisation_id == actor.organisation_id:
            return party
    raise NotFoundError()


def _accept(party: AgreementParty, number: int, account_id: int) -> None:
    party.accepted_number, party.accepted_by_id = number, account_id
    party.accepted_at = clock.now()
    audit.record("agreement_party:accept", party, fields={"accepted_number"})


def _agree_when_all_do(actor: Actor | None, agreement: Agreement) -> None:
    if outstanding(agreement):
        return
    assert agreement.latest is not None
    agreement.agreed_number, agreement.agreed_at = agreement.latest.number, clock.now()
    workflow.fire(agreement, "agree", actor, number=agreement.agreed_number)
    decisions.approve_when_complete(actor, agreement)


def _about(article: int | None, text: str) -> str:
    """Return the line of the timeline: which article, and the first words."""
    words = " ".join(text.split())
    short = words if len(words) <= 200 else f"{words[:199]}…"
    return f"Artikel {article}: {short}" if article is not None else short


def _need(reason: str) -> None:
    if not reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
