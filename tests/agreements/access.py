"""What the access matrix needs to know of agreements, enquiries and the offer.

Two municipalities, each with an agreement that is negotiated, one that was approved and one in
force, with all that can hang on one. Who may read every agreement has no "other": there it is one that is missing.
Everybody who may see enquiries sees all that are confirmed: "another's" is one that is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from portal.accounts.models import Account
from portal.agreements import (
    addenda,
    addendum_talk,
    addendum_text,
    attachments,
    calendar_links,
    contract,
    deliveries,
    drafting,
    ending,
    enquiries,
    envelopes,
    legal,
    listing,
    materials,
    meeting_reports,
    meetings,
    negotiation,
    proposing,
    reference,
    word_templates,
)
from portal.agreements.addenda import Ground
from portal.agreements.contract import TemplateKind
from portal.agreements.decisions import (
    DecisionDetails,
    current,
    record_decision,
    record_delegation,
)
from portal.agreements.deliveries import Done
from portal.agreements.drafting import Opening
from portal.agreements.ending import NoticeDetails
from portal.agreements.envelopes import HOME_START, Invitee, Source
from portal.agreements.imprints import imprint_of
from portal.agreements.materials import About
from portal.agreements.meeting_reports import ReportDetails
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import (
    AddendumStatus,
    Agreement,
    DeliveryKind,
    Enquiry,
    Envelope,
    EnvelopeEvidence,
    FileKind,
    InternalNote,
    MaterialKind,
    NoticeForm,
    NoticeGround,
    RenewalRound,
    Status,
    Subject,
    Turn,
)
from portal.agreements.proposing import Prepared
from portal.agreements.terms import DecidingBody, Formula
from portal.core import clock, documents
from portal.core.db import db
from portal.core.permissions import Actor, Permission, Role
from portal.core.references import new_reference
from portal.directory.models import Organisation
from tests import make
from tests.agreements import make_agreement, make_living, make_negotiation
from tests.core.files import PNG

ENQUIRY_PAGES = frozenset(
    f"agreements.{name}"
    for name in ("enquiry", "answer_enquiry", "decline_enquiry", "open_enquiry")
)
# Pages about what comes after everybody agreed; the others are asked of one under negotiation.
AFTERWARDS = frozenset(
    f"agreements.{name}"
    for name in (
        "record_decision",
        "record_decision_for",
        "record_delegation",
        "draft_decision",
        "decision_file",
        "delegation_file",
        "reopen",
        "send_for_signature",
        # of an addendum that was agreed with; the other pages are of one that was proposed
        "decide_addendum",
        "decide_addendum_for",
        "reopen_addendum",
        "send_addendum",
    )
)
IN_FORCE = frozenset(
    f"agreements.{name}"
    for name in (
        *("services", "record_delivery", "correct_delivery", "strike_delivery", "delivery_file"),
        *("report", "write_report", "report_file"),
        *("answer_renewal", "give_notice", "withdraw_notice", "notice_file"),
        *("envelope", "envelope_file", "evidence_file", "scan_file"),
        *("remind_signatories", "cancel_envelope", "record_wet_ink"),
        *("addenda_list", "start_addendum", "addendum", "addendum_file", "addendum_differences"),
        *("consolidated", "comment_addendum", "accept_addendum", "decline_addendum"),
        *("withdraw_addendum", "ground", "amend", "amend_party", "preview_addendum"),
        *("preview_file", "propose_addendum", "discard_addendum"),
    )
)
# What each person is asked to sign, whoever they are.
SIGNING = frozenset(
    f"agreements.{name}"
    for name in (
        *("sign", "sign_file", "sign_evidence", "sign_remotely", "confirm_signature"),
        *("upload_signature", "decline_signature", "forward_signature"),
    )
)
PARTNER_ROLES = (Role.NEGOTIATOR, Role.SIGNATORY, Role.PARTNER_FINANCE)
_OFFER = frozenset(
    f"agreements.edit_{name}" for name in ("services", "package", "prices", "instalments")
)
MISSING_ENQUIRY, MISSING_AGREEMENT = "A-0000-0000", "O-0000-0000"
MISSING_ID = 7
GENT, MERELBEKE_MELLE = "44021", "44088"
PDF = b"%PDF-1.7 of the access matrix, which only downloads it"


@dataclass
class Partner:
    """A municipality, its people by role, and its agreements with the ids of what hangs on them."""

    organisation: Organisation
    people: dict[Role, Account]
    negotiated: Agreement
    approved: Agreement
    in_force: Agreement
    nested: dict[int, dict[str, int]]  # by agreement

    def arguments(self, endpoint: str) -> dict[str, Any]:
        """Return the values of the arguments of a page of this municipality's agreements."""
        about = self.about(endpoint)
        every = {k: v for ids in self.nested.values() for k, v in ids.items()}
        return {
            "reference": about.reference,
            "organisation_id": self.organisation.id,
            **every,
            **self.nested[about.id],
        }

    def about(self, endpoint: str) -> Agreement:
        """Return which of the agreements a page is asked of."""
        if endpoint in IN_FORCE:
            return self.in_force
        return self.approved if endpoint in AFTERWARDS else self.negotiated


@dataclass
class Asked:
    """A confirmed enquiry, one that is not, a legal ground, and two partners' agreements."""

    confirmed: Enquiry
    unconfirmed: Enquiry
    ground_id: int
    own: Partner
    other: Partner
    offered_id: int  # a material
    withdrawn_id: int
    secrets: dict[str, str] = field(default_factory=dict)
    signatories: dict[str, int] = field(default_factory=dict)  # by e-mail address

    def signatory_id(self, whose: str, email: str) -> int:
        """Return what this person is asked to sign, what another is, or nothing."""
        own = self.signatories.get(email, MISSING_ID)
        other = next((n for n in self.signatories.values() if n != own), MISSING_ID)
        return {"own": own, "other": other}.get(whose, MISSING_ID)

    @property
    def people(self) -> dict[str, Account]:
        """Who negotiates, signs and pays for the first municipality, by role."""
        return {str(role): account for role, account in self.own.people.items()}

    def arguments(self, endpoint: str, whose: str, actor: Actor | None) -> dict[str, Any]:
        """Return the values of the arguments of these pages; nothing for another's pages."""
        if not endpoint.startswith("agreements."):
            return {}
        everything = actor is not None and actor.can(Permission.AGREEMENT_READ_ALL)
        found: dict[str, Any] = {
            "letter": "b",
            "ground_id": self.ground_id,
            "material_id": {
                "own": self.offered_id,
                "other": MISSING_ID if everything else self.withdrawn_id,
            }.get(whose, MISSING_ID),
            "topic": "wetten",
            "key": "avg",
            "number": 1,
            "kind": "B",
            "form": "word",
            "what": "addendum",
            "step": "partijen",
            "position": 1,
            "secret": self.secrets.get(whose, "geen-geldig-adres"),
            **(self.other if whose == "other" else self.own).arguments(endpoint),
        }
        if whose == "missing" or (whose == "other" and everything):
            found["reference"] = MISSING_AGREEMENT
        if endpoint in SIGNING:
            found["signatory_id"] = self.signatory_id(whose, actor.email if actor else "")
        if endpoint in ENQUIRY_PAGES:
            found["reference"] = {
                "own": self.confirmed.reference,
                "other": self.unconfirmed.reference,
            }.get(whose, MISSING_ENQUIRY)
        if "edition" in endpoint or "package" in endpoint or endpoint in _OFFER:
            found["number"] = 2
        return found


def build() -> Asked:
    """Store them, with a draft edition of the offer and a template beside those in use."""
    reference.load_reference()
    writer = make_agreement.edition_in_preparation()
    ground = legal.add_ground("council", "Artikel 41", clock.today(), writer)
    shipped = contract.template(TemplateKind.COORDINATOR)
    word_templates.add(writer, TemplateKind.COORDINATOR, shipped, "overeenkomst.docx")
    confirmed, unconfirmed = make_agreement.enquiry(), make_agreement.enquiry()
    enquiries.workflow.fire(confirmed, "confirm", None)
    own, other = _partner(GENT, writer), _partner(MERELBEKE_MELLE, writer)
    secrets = {
        whose: calendar_links.make(make.actor(one.people[Role.NEGOTIATOR]))
        for whose, one in (("own", own), ("other", other))
    }
    db.session.commit()
    offered, withdrawn = _materials(writer)
    return Asked(confirmed, unconfirmed, ground.id, own, other, offered, withdrawn, secrets)


def _materials(manager: Actor) -> tuple[int, int]:
    """A material that is offered, and one that is no longer."""
    offered, withdrawn = (
        materials.add(manager, About(title, MaterialKind.FORM), attachments.keep(PNG, "x.png"))
        for title in ("Intakeformulier", "Oud formulier")
    )
    materials.withdraw(manager, withdrawn, withdrawn.version)
    db.session.commit()
    return offered.id, withdrawn.id


def _partner(nis: str, manager: Actor) -> Partner:
    organisation = make_negotiation.municipality(nis)
    people = {
        role: make.membership(
            role, organisation, make.account(name=f"{role.title()} {nis}")
        ).account
        for role in PARTNER_ROLES
    }
    negotiator = make.actor(people[Role.NEGOTIATOR])
    later, now = make_negotiation.STARTS_ON, date(clock.today().year, 1, 1)
    negotiated, approved = (_proposed(manager, organisation, later) for _ in range(2))
    in_force = _proposed(manager, organisation, now)
    nested = {
        negotiated.id: _talk(manager, negotiator, negotiated),
        approved.id: _decide(negotiator, approved, organisation),
        in_force.id: _decide(negotiator, in_force, organisation),
    }
    make_living.signed(in_force)
    nested[in_force.id] |= _deliver(manager, in_force) | signed_on_paper(manager, in_force, nis)
    _amended(manager, in_force)
    _amended(manager, approved, agreed=True)
    db.session.commit()
    return Partner(organisation, people, negotiated, approved, in_force, nested)


def _proposed(manager: Actor, organisation: Organisation, starts_on: date) -> Agreement:
    """An agreement whose version is real in Word; a PDF of each would take the matrix long."""
    agreement = drafting.start(manager, Opening(Formula.COORDINATOR, (organisation,), starts_on, 3))
    agreement.terms = make_negotiation.complete(agreement.terms)
    imprint = imprint_of(agreement, 1, clock.today())
    docx = contract.agreement_docx(agreement.terms, imprint)
    prepared = Prepared(1, agreement.terms, docx, PDF, None)
    proposing.propose(manager, agreement, prepared, agreement.version)
    db.session.commit()
    return agreement


def _talk(manager: Actor, negotiator: Actor, agreement: Agreement) -> dict[str, int]:
    """A comment, a counter-proposal begun, a meeting, and a note that stays inside."""
    comment = negotiation.comment(negotiator, agreement, 1, 9, "Dat is kort.")
    drafting.open_counter(negotiator, agreement)
    moment = clock.now() + timedelta(days=9)
    meeting = meetings.plan(manager, agreement, MeetingDetails("Stuurgroep", moment, 90))
    note = InternalNote(agreement_id=agreement.id, text="Blijft binnen.", at=clock.now())
    note.account_id = manager.account_id
    db.session.add(note)
    db.session.flush()
    return {"comment_id": comment.id, "meeting_id": meeting.id}


def _decide(negotiator: Actor, agreement: Agreement, organisation: Organisation) -> dict[str, int]:
    """The version agreed to, the council's decision and a delegation, each with its document."""
    negotiation.accept(negotiator, agreement, 1)
    document = attachments.keep(PNG, "besluit.png")
    details = DecisionDetails(DecidingBody.COUNCIL, clock.today(), "Goedkeuring")
    record_decision(negotiator, agreement, organisation.id, details, document=document)
    given = {"from_capacity": "algemeen directeur", "to_name": "Bo", "to_capacity": "jurist"}
    delegation = record_delegation(
        negotiator, agreement, {**given, "note": ""}, clock.today(), document
    )
    decision = current(agreement)[organisation.id]
    return {"decision_id": decision.id, "delegation_id": delegation.id}


def _amended(manager: Actor, agreement: Agreement, *, agreed: bool = False) -> None:
    """An addendum that lies with the partner, real in Word; see `_proposed`. agreed: and that was
    approved, so that one agreement need not have two at a time."""
    before, agreement.status = agreement.status, Status.ACTIVE
    db.session.flush()
    addendum = addenda.start(manager, agreement)
    tomorrow = clock.today() + timedelta(days=1)
    addenda.set_ground(manager, addendum, Ground("De werking groeit.", tomorrow), None)
    addenda.save(manager, addendum, addendum.terms.with_(families=41), None)
    texts = addendum_text.make(addendum, 1, 1)
    files = {
        FileKind.WORD: texts.docx,
        FileKind.PDF: PDF,
        FileKind.TEXT_WORD: texts.consolidated,
        FileKind.TEXT_PDF: PDF,
        FileKind.BEFORE_WORD: texts.before,
    }
    prepared = addendum_talk.Prepared(1, 1, addendum.terms, texts, files)
    addendum_talk.propose(manager, addendum, prepared, addendum.version)
    agreement.status = before
    if agreed:
        addendum.status, addendum.agreed_at = AddendumStatus.APPROVED, clock.now()
    db.session.flush()


def _deliver(manager: Actor, agreement: Agreement) -> dict[str, int]:
    """A service delivered, and a meeting held, each with its document."""
    document = attachments.keep(PNG, "verslag.png")
    done = Done(DeliveryKind.COACHING_TALK, clock.today(), "Ann Claes")
    delivery = deliveries.record(manager, agreement, done, document)
    moment = clock.now() + timedelta(days=9)
    meeting = meetings.plan(manager, agreement, MeetingDetails("Stuurgroep", moment, 90))
    meeting.starts_at = clock.now() - timedelta(days=3)
    db.session.flush()
    said = ReportDetails("Karel Maes", "", "Het loopt goed.")
    report = meeting_reports.write(manager, meeting, said, document=document)
    meeting_reports.share(manager, agreement, report)
    notice_id = _given_notice(manager, agreement)
    return {"delivery_id": delivery.id, "meeting_id": meeting.id, "notice_id": notice_id}


def _given_notice(manager: Actor, agreement: Agreement) -> int:
    """Notice that was taken back, so that the question of renewal stands open again."""
    details = NoticeDetails(
        None, NoticeGround.TERM, NoticeForm.REGISTERED, clock.today(), "De subsidie valt weg."
    )
    letter = attachments.keep(PNG, "opzegging.png")
    notice = ending.give_notice(manager, agreement, details, letter, None)
    ending.withdraw_notice(manager, agreement, notice, "Samen beslist.", None)
    asked = RenewalRound(
        agreement_id=agreement.id,
        ends_on=agreement.ends_on,
        tacit=False,
        answer_by_on=clock.today(),
        asked_at=clock.now(),
    )
    db.session.add(asked)
    return notice.id


def signed_on_paper(manager: Actor, agreement: Agreement, nis: str) -> dict[str, int]:
    """A document that one person signed on paper, with its scan and evidence."""
    envelope = _sent(manager, agreement, [Invitee("De Wieg", "Bo", "lid", f"bo{nis}@wieg.example")])
    (one,) = envelope.signatories
    one.scan_id = attachments.keep(PNG, "scan.png").id
    document = documents.put(PDF, "bewijsstuk.pdf", "application/pdf")
    db.session.flush()
    db.session.add(
        EnvelopeEvidence(
            envelope_id=envelope.id, document_id=document.id, sha256=b"x", made_at=clock.now()
        )
    )
    return {"signatory_id": one.id}


def _sent(manager: Actor, agreement: Agreement, invitees: list[Invitee]) -> Envelope:
    source = Source(Subject.AGREEMENT, 1, agreement.title, agreement.reference, a_pdf())
    until = clock.today() + timedelta(days=9)
    ready = envelopes.make_ready(source, invitees)
    envelope = envelopes.prepare(manager, agreement, ready, until)
    envelopes.send(manager, envelope)
    return envelope


def ask_to_sign(people: Iterable[Account]) -> dict[str, int]:
    """Ask everybody to sign one document. Returns the ids of their signatories by address."""
    people = list(people)
    agreement = Agreement(
        reference=new_reference(listing.LETTER),
        status=Status.DRAFT,  # it has no text: only what people sign matters here
        version=1,
        turn=Turn.NOBODY,
        title="Home-Start Aalst",
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    agreement.terms = make_agreement.make_terms()
    db.session.add(agreement)
    db.session.flush()
    invitees = [Invitee(HOME_START, who.name, "bestuurder", who.email) for who in people]
    sender = make.actor(make_agreement.manager("Bea Boels"))
    envelope = _sent(sender, agreement, invitees)
    db.session.commit()
    return {one.email: one.id for one in envelope.signatories}


def a_pdf() -> bytes:
    """One page with a line of text."""
    out = BytesIO()
    page = Canvas(out)
    page.drawString(100, 700, "Een overeenkomst")
    page.save()
    return out.getvalue()
