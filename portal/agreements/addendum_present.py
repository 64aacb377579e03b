"""An addendum as people read it: where it stands, who is to act, what it changes."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.agreements import (
    addendum_decisions,
    addendum_talk,
    addendum_text,
    comparing,
    envelope_present,
    envelopes,
    notices,
)
from portal.agreements.addendum_states import PAST, STATUS_LABELS, STATUS_TONES
from portal.agreements.comparing import Changed
from portal.agreements.contract_related import ArticleChange
from portal.agreements.contract_words import listed
from portal.agreements.envelope_present import EnvelopeLine
from portal.agreements.models import Addendum, AddendumStatus, AddendumVersion, Agreement, Subject
from portal.agreements.present import Expectation, Line, organisation_names
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.i18n import long_date
from portal.core.permissions import Actor, Permission
from portal.core.plain import from_plain
from portal.core.rendering import Passage, paragraph_diff
from portal.core.rendering.differences import Kind

MOST_NAMED = 4  # parts of the text in one line of a list


@dataclass(frozen=True)
class AddendumLine:
    """An addendum as a line of its agreement. number None: HSV's draft."""

    number: int | None
    label: str
    tone: str
    when: str
    what: str
    signed_in: int | None  # number of the envelope that is complete


@dataclass(frozen=True)
class Standing:
    """Where one partner stands with an addendum."""

    name: str
    organisation_id: int
    accepted: str
    decision: str
    decision_id: int | None
    awaits_decision: bool
    signing: list[str]
    own: bool


def badge(addendum: Addendum) -> tuple[str, str]:
    """Return the status in words and its tone."""
    if addendum.in_force_on is not None and addendum.in_force_on > clock.today():
        return _("Gesloten, gaat in op %(day)s", day=long_date(addendum.in_force_on)), "success"
    return _(STATUS_LABELS[addendum.status]), STATUS_TONES.get(addendum.status, "neutral")


def lines(agreement: Agreement, addenda: list[Addendum]) -> list[AddendumLine]:
    """Return the addenda of an agreement as they are listed, the latest first."""
    if not addenda:
        return []
    signed = {
        one.subject_number: one.number
        for one in envelopes.of_agreement(agreement)
        if one.subject == Subject.ADDENDUM and one.status == "complete"
    }
    return [_line(one, signed) for one in addenda]


def _line(addendum: Addendum, signed: dict[int, int]) -> AddendumLine:
    label, tone = badge(addendum)
    since = addendum.in_force_on or addendum.from_on
    return AddendumLine(
        number=addendum.number,
        label=label,
        tone=tone,
        when=_("geldt vanaf %(day)s", day=long_date(since)) if since else "",
        what=what_changes(addendum.latest) if addendum.latest else addendum.reason,
        signed_in=signed.get(addendum.number or 0),
    )


def what_changes(version: AddendumVersion) -> str:
    """Return the parts of the agreement a version changes, in a line."""
    said = [
        _("%(title)s (artikel %(number)s)", title=one.title, number=one.article)
        if one.article
        else one.title
        for one in articles(version)
    ]
    if len(said) > MOST_NAMED:
        more = len(said) - MOST_NAMED
        rest = ngettext("nog %(num)d deel", "nog %(num)d delen", more)
        said = [*said[:MOST_NAMED], rest]
    return listed(said) or version.finance


def articles(version: AddendumVersion) -> list[ArticleChange]:
    """Return what reads otherwise, article by article, as it was printed; annex 2 has tables of
    its own there."""
    found = [from_plain(ArticleChange, one) for one in version.changes_json]
    if version.finance == addendum_text.NOTHING_CHANGES:
        return found
    return [*found, ArticleChange(None, addendum_text.BUDGET_TITLE, version.finance)]


def compared(before: Terms, after: Terms) -> list[Changed]:
    """Return what changes in the terms, in words."""
    return comparing.terms(before, after)


def passages(before: bytes, after: bytes) -> list[Passage]:
    """Return old and new text, without what each document says of itself: its cover, who signed
    and what was decided."""
    shown, found = False, []
    for one in paragraph_diff(before, after):
        if one.level == 1:
            words = "".join(p.text for p in one.pieces if p.kind != Kind.REMOVED)
            shown = not addendum_text.is_of_signing(f"{one.number} {words}")
        if shown:
            found.append(one)
    return found


def expectation(addendum: Addendum, actor: Actor) -> Expectation:
    """Return whose turn it is and what that one is to do."""
    ours, hsv = actor.can(Permission.AGREEMENT_MANAGE), _("Home-Start Vlaanderen")
    if addendum.status == AddendumStatus.DRAFT:
        return Expectation(hsv, _("Werk het addendum af en leg het voor."), ours)
    if addendum.status == AddendumStatus.PROPOSED:
        waiting = [one.organisation for one in addendum_talk.outstanding(addendum)]
        own = any(one.id == actor.organisation_id for one in waiting)
        what = _("Lees wat er wijzigt. Geef jullie akkoord, of maak een opmerking.")
        yours = own and actor.can(Permission.AGREEMENT_NEGOTIATE)
        return Expectation(listed(one.name for one in waiting), what, yours)
    if addendum.status == AddendumStatus.AGREED:
        awaited = addendum_decisions.awaited(addendum)
        own = any(one.organisation_id == actor.organisation_id for one in awaited)
        what = _("Laat het bevoegde orgaan beslissen en registreer de beslissing hier.")
        yours = own and actor.can(Permission.AGREEMENT_NEGOTIATE)
        return Expectation(listed(one.name for one in awaited), what, yours)
    if addendum.status == AddendumStatus.APPROVED:
        return Expectation(hsv, _("Stuur het addendum ter ondertekening."), ours)
    what = {
        AddendumStatus.OUT_FOR_SIGNATURE: _("Het addendum ligt bij wie moet ondertekenen."),
        AddendumStatus.DECLINED: _("De overeenkomst blijft zoals ze was."),
        AddendumStatus.WITHDRAWN: _("De overeenkomst blijft zoals ze was."),
        AddendumStatus.EXPIRED: _("De overeenkomst liep af voor iedereen getekend had."),
    }.get(addendum.status, "")
    return Expectation("", what, False)


def standings(addendum: Addendum, actor: Actor) -> list[Standing]:
    """Return where each partner stands: agreed or not, decided or not, who signs."""
    decided = addendum_decisions.current(addendum)
    answers = addendum.latest.answers if addendum.latest else []
    yes = {one.organisation_id: one.at for one in answers if one.accepts}
    found = []
    for party in addendum.terms.partners:
        place = party.organisation_id or 0
        decision = decided.get(place)
        found.append(
            Standing(
                name=party.name,
                organisation_id=place,
                accepted=long_date(yes[place]) if place in yes else "",
                decision=_(
                    "%(body)s, %(day)s",
                    body=_(decision.body.label).capitalize(),
                    day=long_date(decision.decided_on),
                )
                if decision
                else "",
                decision_id=decision.id if decision and decision.document_id else None,
                awaits_decision=addendum.agreed_at is not None
                and party.is_public
                and decision is None,
                signing=[
                    ", ".join(part for part in (one.name or "…", one.capacity) if part)
                    for one in addendum_decisions.signing(addendum, party)
                ],
                own=place == actor.organisation_id,
            )
        )
    return found


def timeline(addendum: Addendum, actor: Actor) -> list[Line]:
    """Return what happened, the latest first; HSV's inner steps for HSV only."""
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    events = [e for e in addendum.events if inside or not e.internal]
    names = notices.names_of(e.account_id for e in events)
    places = organisation_names(addendum.agreement)
    found: list[Line] = []
    before = ""
    for event in reversed(events):
        if event.action == before == "edit":
            continue  # nobody needs every saved draft
        before = event.action
        who = (names.get(event.account_id, ""), places.get(event.organisation_id or 0, ""))
        about = event.on is not None and event.on != clock.local(event.at).date()
        day = long_date(event.on) if about else ""
        found.append(
            Line(
                at=event.at,
                label=_(PAST[event.action]),
                who=", ".join(part for part in who if part),
                note="\n".join(part for part in (day, event.note) if part),
                tone=STATUS_TONES.get(AddendumStatus(event.after), "neutral")
                if event.before != event.after
                else "",
            )
        )
    return found


def signings(addendum: Addendum) -> list[EnvelopeLine]:
    """Return the signings of an addendum, the latest first."""
    return [
        envelope_present.line_of(one)
        for one in envelopes.of_agreement(addendum.agreement)
        if one.subject == Subject.ADDENDUM and one.subject_number == addendum.number
    ]
