"""Dated settings of contracts: how laws are worded, how long data are kept, who signs after whom.

Each comes shipped with the portal; whoever looks one up anew records what holds from a day. A
mistake is corrected by recording it again: of the same day the last one counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, select

from portal.agreements import contract_law, signing_rules
from portal.agreements.contract_law import Law
from portal.agreements.models import DatedText
from portal.agreements.signing_rules import SigningRule
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor

MOST_SIGNATORIES = 4
LONGEST_CAPACITY = 120
LONGEST_WORDING = 400


class Topic(StrEnum):
    """What a dated text is about; the values stand in addresses."""

    LAW = "wetten"
    RETENTION = "bewaartermijnen"
    SIGNING = "ondertekening"


@dataclass(frozen=True)
class Setting:
    """One that can be changed: as shipped, and what was recorded since, the newest day first.

    sourced: the shipped text was found in a source; else somebody has yet to confirm it.
    """

    topic: Topic
    key: str
    meaning: str
    shipped: str
    sourced: bool
    source: str
    from_on: date
    recorded: tuple[DatedText, ...] = ()

    def in_force(self, on: date) -> DatedText | None:
        """Return what was recorded and holds on a day; None when the shipped text does."""
        return next((row for row in self.recorded if row.from_on <= on), None)

    def text_on(self, on: date) -> str:
        """Return the text that holds on a day."""
        found = self.in_force(on)
        return found.text if found else self.shipped

    def to_come(self, on: date) -> list[DatedText]:
        """Return what holds only later, the first day first."""
        return [row for row in reversed(self.recorded) if row.from_on > on]


def settings() -> dict[Topic, list[Setting]]:
    """Return every setting by topic, in the order they are shipped."""
    recorded: dict[tuple[str, str], list[DatedText]] = {}
    for row in db.session.scalars(_newest_first()):
        recorded.setdefault((row.topic, row.key), []).append(row)
    shipped = [replace(s, recorded=tuple(recorded.get((s.topic, s.key), ()))) for s in _shipped()]
    return {topic: [s for s in shipped if s.topic == topic] for topic in Topic}


def setting(topic: str, key: str) -> Setting:
    """Return one setting. Raises NotFoundError."""
    for one in settings().get(Topic(topic), []):
        if one.key == key:
            return one
    raise NotFoundError()


def law_on(on: date) -> Law:
    """Return the wordings and retention terms of a contract made on a day."""
    shipped, found = contract_law.shipped_law(on), settings()
    words = {s.key: row.text for s in found[Topic.LAW] if (row := s.in_force(on))}
    terms = {s.key: row.text for s in found[Topic.RETENTION] if (row := s.in_force(on))}
    return Law(
        {**shipped.wordings, **words},
        tuple(replace(r, term=terms.get(r.key, r.term)) for r in shipped.retentions),
    )


def signing_rule(shipped: SigningRule, on: date) -> SigningRule:
    """Return the rule that holds on a day instead of a shipped one; that one when none does."""
    query = _newest_first().where(
        DatedText.topic == Topic.SIGNING, DatedText.key == shipped.key, DatedText.from_on <= on
    )
    found = db.session.scalar(query.limit(1))
    if found is None:
        return shipped
    capacities = tuple(found.text.split("\n"))
    return replace(
        shipped, capacities=capacities, basis=found.source, sourced=True, from_on=found.from_on
    )


def record(by: Actor, changed: Setting, text: str, source: str, from_on: date) -> DatedText:
    """Record what holds from a day on. Raises DomainError when it cannot be that."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    _check(changed, lines)
    kept = "\n".join(lines)
    if from_on < changed.from_on:
        raise DomainError(
            N_("Deze dag ligt voor de eerste dag van de meegeleverde tekst."), "from_on"
        )
    if kept == changed.text_on(from_on):
        raise DomainError(N_("Dat staat er op die dag al zo."), "text")
    row = DatedText(
        topic=str(changed.topic),
        key=changed.key,
        text=kept,
        source=source,
        from_on=from_on,
        recorded_by_id=by.account_id,
        recorded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("dated_text:record", row, actor=by, fields={"text", "source", "from_on"})
    return row


def _check(changed: Setting, lines: list[str]) -> None:
    if changed.topic == Topic.SIGNING:
        if not 1 <= len(lines) <= MOST_SIGNATORIES:
            raise DomainError(N_("Schrijf één tot vier hoedanigheden, elk op een regel."), "text")
        if len(set(lines)) < len(lines):
            raise DomainError(N_("Dezelfde hoedanigheid staat er twee keer."), "text")
        if max(map(len, lines)) > LONGEST_CAPACITY:
            raise DomainError(N_("Een hoedanigheid telt hoogstens 120 tekens."), "text")
        return
    if len(lines) != 1:
        raise DomainError(N_("Schrijf de tekst op één regel: ze komt midden in een zin."), "text")
    if len(lines[0]) > LONGEST_WORDING:
        raise DomainError(N_("Deze tekst telt hoogstens 400 tekens."), "text")


def _newest_first() -> Select[DatedText]:
    return select(DatedText).order_by(DatedText.from_on.desc(), DatedText.id.desc())


def _shipped() -> Iterable[Setting]:
    today = clock.today()
    for wording in contract_law.wordings(today).values():
        yield Setting(
            Topic.LAW, wording.key, wording.meaning, wording.text, wording.sourced, "",
            wording.from_on,
        )  # fmt: skip
    for kept in contract_law.retentions(today):
        yield Setting(Topic.RETENTION, kept.key, kept.data, kept.term, False, "", kept.from_on)
    for rule in signing_rules.shipped_rules():
        if rule.is_in_force(today):
            yield Setting(
                Topic.SIGNING, rule.key, "", "\n".join(rule.capacities), rule.sourced,
                rule.basis, rule.from_on,
            )  # fmt: skip
