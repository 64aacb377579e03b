"""The dates of an agreement: what is due when, and who is to act.

They follow from the terms that were agreed (before that, only an answer is awaited) and are never
stored; a date that moves with a new version moves everywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.agreements import (
    addenda,
    addendum_decisions,
    addendum_talk,
    decisions,
    in_force,
    negotiation,
    renewal,
)
from portal.agreements.models import AddendumStatus, Agreement, RenewalRound, Status, Turn
from portal.agreements.models.agreement import NEGOTIABLE
from portal.agreements.terms import IndexKind, Renewal, Terms
from portal.core import clock
from portal.core.i18n import N_
from portal.core.months import months_later
from portal.core.terms import days

FOLLOWED = (
    Status.AGREED,
    Status.APPROVED,
    Status.OUT_FOR_SIGNATURE,
    Status.SIGNED,
    Status.ACTIVE,
)


class Topic(StrEnum):
    """What a deadline is about."""

    ANSWER = "answer"
    DECISION = "decision"
    INTERIM_EVALUATION = "interim_evaluation"
    FINAL_EVALUATION = "final_evaluation"
    NOTICE = "notice"
    RENEWAL = "renewal"
    MINUTES = "minutes"
    REPORT = "report"
    INDEXATION = "indexation"
    END = "end"

    @property
    def label(self) -> str:
        """Return what it is (a message id)."""
        return _LABELS[self]

    @property
    def hint(self) -> str:
        """Return what to do (a message id)."""
        return _HINTS[self]


_LABELS = {
    Topic.ANSWER: N_("Antwoord op een voorstel"),
    Topic.DECISION: N_("Beslissing van het bevoegde orgaan"),
    Topic.INTERIM_EVALUATION: N_("Tussentijdse evaluatie"),
    Topic.FINAL_EVALUATION: N_("Eindevaluatie"),
    Topic.NOTICE: N_("Laatste dag om niet te verlengen"),
    Topic.RENEWAL: N_("Beslissen over verlenging"),
    Topic.MINUTES: N_("Verslag van de stuurgroep"),
    Topic.REPORT: N_("Financieel verslag en jaarverslag"),
    Topic.INDEXATION: N_("Indexering van de bijdragen"),
    Topic.END: N_("Einde van de overeenkomst"),
}
_HINTS = {
    Topic.ANSWER: N_("Geef akkoord, maak opmerkingen of leg een volgende versie voor."),
    Topic.DECISION: N_("Laat het orgaan beslissen en registreer de beslissing in het portaal."),
    Topic.INTERIM_EVALUATION: N_("Bespreek de werking in de stuurgroep."),
    Topic.FINAL_EVALUATION: N_("Evalueer de samenwerking in de stuurgroep."),
    Topic.NOTICE: N_("Wie niet wil verlengen, laat dat ten laatste op deze dag weten."),
    Topic.RENEWAL: N_("Beslis samen of er een verlenging komt, en leg ze vast in een addendum."),
    Topic.MINUTES: N_("Schrijf het verslag van het overleg en deel het met alle partijen."),
    Topic.REPORT: N_("Home-Start Vlaanderen bezorgt het verslag over het voorbije jaar."),
    Topic.INDEXATION: N_("De bijdragen volgen vanaf deze dag de index."),
    Topic.END: N_("De overeenkomst loopt af."),
}


@dataclass(frozen=True)
class Deadline:
    """Something due on a day. `organisation_ids`: the partners who are to act; `hsv`: HSV is.

    key: which one it is, the same as long as it is about the same thing.
    """

    topic: Topic
    on: date
    key: str
    organisation_ids: tuple[int, ...] = ()
    hsv: bool = True
    who: str = ""


def upcoming(agreement: Agreement, since: date) -> list[Deadline]:
    """Return the deadlines from a day on, the first one first; what is awaited stays until it is
    there, also when late."""
    found = [d for d in _all(agreement) if d.on >= since or d.topic in _AWAITED]
    return sorted(found, key=lambda one: (one.on, one.topic, one.key))


_ON_GOING_ON = (Topic.NOTICE, Topic.RENEWAL)
_AWAITED = (Topic.ANSWER, Topic.DECISION, Topic.MINUTES)
_REMEMBERED = timedelta(days=365)  # of meetings longer ago nobody writes the report any more
_TURNS = frozenset({"propose", "counter_propose", "hand_over", "take_over", "reopen"})


def _all(agreement: Agreement) -> Iterator[Deadline]:
    if agreement.status in NEGOTIABLE and agreement.latest is not None:
        yield _answer(agreement)
    if agreement.status == Status.AGREED:
        yield from _decisions(agreement)
    if agreement.status in FOLLOWED:
        yield from _of_agreement(agreement)
    if agreement.status == Status.ACTIVE:
        yield from _minutes(agreement)
        yield from _of_addendum(agreement)


def _of_agreement(agreement: Agreement) -> Iterator[Deadline]:
    """Yield what follows from the terms, as far as notice or an answer does not change it."""
    stops_on = agreement.stops_on
    asked = renewal.open_round(agreement)
    for one in of_terms(in_force.concluded(agreement), _partner_ids(agreement)):
        if stops_on is not None and (one.on > stops_on or one.topic in _ON_GOING_ON):
            continue
        if one.topic in _ON_GOING_ON and agreement.renewals and agreement.status == Status.ACTIVE:
            if asked is not None:
                yield from _unanswered(agreement, asked, one)
            continue
        yield one
    if stops_on is not None:
        yield Deadline(Topic.END, stops_on, "stop", tuple(_partner_ids(agreement)))


def _minutes(agreement: Agreement) -> Iterator[Deadline]:
    """Yield the reports that article 15 promises of meetings that took place, until shared."""
    now = clock.now()
    within = timedelta(days=in_force.terms(agreement).deadlines.minutes_days)
    for one in agreement.meetings:
        met = now - _REMEMBERED < one.starts_at < now and one.cancelled_at is None
        if met and not one.reported:
            on = clock.local(one.starts_at).date() + within
            yield Deadline(Topic.MINUTES, on, f"minutes:{one.id}", who=one.subject)


def _of_addendum(agreement: Agreement) -> Iterator[Deadline]:
    """Yield by when an answer on an addendum is expected, or the decision of a body."""
    found = addenda.open_one(agreement)
    if found is None or found.latest is None:
        return
    key = f"{found.number}:{found.latest.number}"
    if found.status == AddendumStatus.PROPOSED:
        waiting = addendum_talk.outstanding(found)
        yield Deadline(
            Topic.ANSWER,
            clock.local(found.latest.proposed_at).date() + days("ANSWER_DAYS"),
            f"addendum:{key}",
            tuple(p.organisation_id for p in waiting),
            hsv=False,
            who=", ".join(p.organisation.name for p in waiting),
        )
    elif found.status == AddendumStatus.AGREED and found.agreed_at is not None:
        on = clock.local(found.agreed_at).date() + days("DECISION_DAYS")
        if found.from_on is not None and clock.today() < found.from_on <= on:
            on = found.from_on - timedelta(days=1)
        for party in addendum_decisions.awaited(found):
            ids = (party.organisation_id,) if party.organisation_id else ()
            each = f"addendum:{key}:{party.organisation_id}"
            yield Deadline(Topic.DECISION, on, each, ids, hsv=False, who=party.name)


def _unanswered(agreement: Agreement, asked: RenewalRound, usual: Deadline) -> Iterator[Deadline]:
    """Yield the deadline for who has yet to answer; nothing once everybody did."""
    partners, hsv = renewal.unanswered(agreement, asked)
    if partners or hsv:
        ids = tuple(one.organisation_id for one in partners)
        yield replace(usual, on=asked.answer_by_on, organisation_ids=ids, hsv=hsv)


def _answer(agreement: Agreement) -> Deadline:
    """Return by when an answer is expected from whoever's turn it is."""
    latest = agreement.latest
    assert latest is not None
    moves = (e.at for e in agreement.events if e.action in _TURNS)
    last = max(moves, default=latest.proposed_at)
    on = clock.local(last).date() + days("ANSWER_DAYS")
    if agreement.turn == Turn.HSV:
        return Deadline(Topic.ANSWER, on, f"answer:{latest.number}:hsv")
    waiting = negotiation.outstanding(agreement)
    return Deadline(
        Topic.ANSWER,
        on,
        f"answer:{latest.number}:partners",
        tuple(p.organisation_id for p in waiting),
        hsv=False,
        who=", ".join(p.organisation.name for p in waiting),
    )


def _decisions(agreement: Agreement) -> Iterator[Deadline]:
    terms = decisions.agreed_version(agreement).terms
    assert agreement.agreed_at is not None
    on = clock.local(agreement.agreed_at).date() + days("DECISION_DAYS")
    if terms.starts_on is not None and clock.today() < terms.starts_on <= on:
        on = terms.starts_on - timedelta(days=1)
    for party in decisions.awaited(agreement):
        ids = (party.organisation_id,) if party.organisation_id else ()
        key = f"decision:{agreement.agreed_number}:{party.organisation_id}"
        yield Deadline(Topic.DECISION, on, key, ids, hsv=False, who=party.name)


def of_terms(terms: Terms, partner_ids: Iterable[int] = ()) -> Iterator[Deadline]:
    """Return the dates that follow from agreed terms alone."""
    if terms.starts_on is None or terms.ends_on is None:
        return
    everybody = tuple(partner_ids)
    usual, ends_on = terms.deadlines, terms.ends_on
    interim = months_later(terms.starts_on, usual.interim_evaluation_months)
    if interim < ends_on:
        yield Deadline(Topic.INTERIM_EVALUATION, interim, "interim_evaluation", everybody)
    final = months_later(ends_on, -usual.final_evaluation_months)
    if final > terms.starts_on:
        yield Deadline(Topic.FINAL_EVALUATION, final, "final_evaluation", everybody)
    topic = Topic.NOTICE if terms.renewal == Renewal.TACIT else Topic.RENEWAL
    by_on = renewal.answer_by_on(terms)
    if by_on is not None and by_on > terms.starts_on:
        yield Deadline(topic, by_on, str(topic), everybody)
    yield from _yearly(terms, everybody)
    yield Deadline(Topic.END, ends_on, "end", everybody)


def _yearly(terms: Terms, everybody: tuple[int, ...]) -> Iterator[Deadline]:
    for position, year in enumerate(terms.years):
        on = date(year.year + 1, terms.deadlines.report_month, terms.deadlines.report_day)
        yield Deadline(Topic.REPORT, on, f"report:{year.year}")
        if position and terms.indexation.kind != IndexKind.NONE:
            first = date(year.year, 1, 1)
            yield Deadline(Topic.INDEXATION, first, f"indexation:{year.year}", everybody)


def _partner_ids(agreement: Agreement) -> list[int]:
    return [row.organisation_id for row in agreement.parties]
