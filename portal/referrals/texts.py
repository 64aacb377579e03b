"""What families read and hear, in their languages: written by HSV on screen, in use once a second
person looked at it, and readable for ever in the version somebody agreed to.

Every version holds all its languages. Version 1 of each kind came with the portal, in files.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals import text_rules
from portal.referrals.text_kinds import LABELS, TextKind

_SHIPPED_FOLDER = Path(__file__).parent / "family_texts" / "2026-11"
_SHIPPED_MONTH = "2026-11"
_NAME = re.compile(r"[0-9]{4}-[0-9]{2}(?:\.[0-9]+)?$")
DUTCH = "nl"
# What stands before the month in the name of a version; a consent keeps that name.
_PREFIXES = {
    TextKind.CONSENT: "",
    TextKind.SELF: "ouders ",
    TextKind.LETTER: "brief ",
    TextKind.PAGE: "pagina ",
}


class TextState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class TextEdition(Identified, Model):
    """One version of one text, in all its languages. Once in use, what it says never changes."""

    __tablename__ = "family_text_edition"
    kind: Mapped[TextKind] = mapped_column(text_enum(TextKind))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(20))  # given when it is put in use
    state: Mapped[TextState] = mapped_column(text_enum(TextState))
    bodies: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    writer_ids: Mapped[list[int]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    activated_at: Mapped[datetime | None]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("kind", "number"),)


@dataclass(frozen=True)
class Text:
    """A version as it is read. `name` is what a consent keeps; empty as long as it is a draft."""

    kind: TextKind
    number: int
    name: str
    bodies: Mapping[str, str]
    state: TextState = TextState.ACTIVE

    @property
    def languages(self) -> list[str]:
        """The languages there are, Dutch first."""
        return sorted(self.bodies, key=lambda code: (code != DUTCH, code))

    def spoken(self, language: str) -> str:
        """Return this language where the text has it, else Dutch."""
        return language if language in self.bodies else DUTCH

    def blocks(
        self, language: str, values: Mapping[str, str] | None = None
    ) -> list[text_rules.Block]:
        """Return what it says in a language it has (else in Dutch), places filled in."""
        return text_rules.blocks(self.bodies[self.spoken(language)], values or {})


def in_use(kind: TextKind) -> Text:
    """Return the version families get now."""
    query = select(TextEdition).where(
        TextEdition.kind == kind, TextEdition.state == TextState.ACTIVE
    )
    found = db.session.scalar(query)
    return _read(found) if found else shipped(kind)


def named(kind: TextKind, name: str) -> Text:
    """Return a version by the name that a consent keeps. Raises NotFoundError."""
    if shipped(kind).name == name:
        return shipped(kind)
    query = select(TextEdition).where(TextEdition.kind == kind, TextEdition.name == name)
    found = db.session.scalar(query)
    if found is None or not name:
        raise NotFoundError
    return _read(found)


def is_version(name: str) -> bool:
    """Say whether a name is one that versions have; a consent may stem from elsewhere."""
    return _NAME.search(name) is not None


def kind_of(name: str) -> TextKind:
    """Return of which text a version is, by its name."""
    return next((k for k, prefix in _PREFIXES.items() if prefix and name.startswith(prefix)),
                TextKind.CONSENT)  # fmt: skip


@cache
def shipped(kind: TextKind) -> Text:
    """Return the version that came with the portal."""
    files = sorted(_SHIPPED_FOLDER.glob(f"{kind}.*.txt"))
    bodies = {file.name.split(".")[1]: file.read_text("utf-8").strip() for file in files}
    return Text(kind, 1, f"{_PREFIXES[kind]}{_SHIPPED_MONTH}", bodies)


def editions(kind: TextKind) -> list[TextEdition]:
    """Return the versions HSV made of a text, the newest first."""
    query = select(TextEdition).where(TextEdition.kind == kind)
    return list(db.session.scalars(query.order_by(TextEdition.number.desc())))


def find(kind: TextKind, number: int) -> tuple[Text, TextEdition | None]:
    """Return one version, and its row unless it came with the portal. Raises NotFoundError."""
    if number == 1:
        state = TextState.ACTIVE if in_use(kind).number == 1 else TextState.RETIRED
        came = shipped(kind)
        return Text(kind, 1, came.name, came.bodies, state), None
    query = select(TextEdition).where(TextEdition.kind == kind, TextEdition.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return _read(found), found


def begin(actor: Actor, kind: TextKind, reason: str) -> TextEdition:
    """Copy the version in use into a new one. Raises DomainError when one is being made."""
    if any(one.state == TextState.DRAFT for one in editions(kind)):
        raise DomainError(N_("Van deze tekst is er al een nieuwe versie in voorbereiding."))
    now, source = clock.now(), in_use(kind)
    last = select(func.max(TextEdition.number)).where(TextEdition.kind == kind)
    made = TextEdition(
        kind=kind,
        number=(db.session.scalar(last) or 1) + 1,
        name="",
        state=TextState.DRAFT,
        bodies=dict(source.bodies),
        reason=reason,
        writer_ids=[actor.account_id],
        made_at=now,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("family_text:begin", made, actor=actor)
    return made


def write(actor: Actor, draft: TextEdition, language: str, body: str, version: int | None) -> None:
    """Keep what a draft says in one language; empty takes the language away.

    Raises DomainError for a text that would not work, ConflictError when somebody was first.
    """
    _expect_draft(draft, version)
    if not body and language == DUTCH:
        raise DomainError(N_("De Nederlandse tekst kan niet weg."), "body")
    if body:
        dutch = body if language == DUTCH else draft.bodies[DUTCH]
        text_rules.check(draft.kind, body, dutch, shipped(draft.kind).bodies[DUTCH])
    others = {code: text for code, text in draft.bodies.items() if code != language}
    draft.bodies = {**others, language: body} if body else others
    draft.writer_ids = sorted({*draft.writer_ids, actor.account_id})
    draft.changed_at = clock.now()
    audit.record("family_text:write", draft, actor=actor, fields={f"bodies.{language}"})
    db.session.flush()


def activate(actor: Actor, draft: TextEdition, version: int | None) -> None:
    """Put a draft in use instead of the version that was; who wrote in it cannot."""
    _expect_draft(draft, version)
    if not may_activate(actor, draft):
        raise DomainError(
            N_("Je schreef mee aan deze tekst. Laat een collega hem nalezen en in gebruik nemen.")
        )
    for language, body in draft.bodies.items():  # the Dutch may have changed since
        text_rules.check(
            draft.kind, body, draft.bodies[DUTCH], shipped(draft.kind).bodies[DUTCH], language
        )
    db.session.execute(
        update(TextEdition)
        .where(TextEdition.kind == draft.kind, TextEdition.state == TextState.ACTIVE)
        .values(state=TextState.RETIRED, version=TextEdition.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    now = clock.now()
    draft.name = f"{_PREFIXES[draft.kind]}{clock.today():%Y-%m}.{draft.number}"
    draft.state, draft.activated_at, draft.activated_by_id = TextState.ACTIVE, now, actor.account_id
    audit.record("family_text:activate", draft, actor=actor, fields={"state"})
    db.session.flush()


def may_activate(actor: Actor, draft: TextEdition) -> bool:
    """Say whether this person looks at a draft with fresh eyes."""
    return draft.state == TextState.DRAFT and actor.account_id not in draft.writer_ids


def discard(actor: Actor, draft: TextEdition, version: int | None) -> None:
    """Throw a draft away."""
    _expect_draft(draft, version)
    audit.record("family_text:discard", draft, actor=actor)
    db.session.delete(draft)
    db.session.flush()


def phrases(language: str) -> tuple[str, Mapping[str, str]]:
    """Return the words of the parent's page, and the language they are in."""
    text = in_use(TextKind.PAGE)
    spoken = text.spoken(language)
    return spoken, text_rules.phrases(text.bodies[spoken])


def page_languages() -> Sequence[str]:
    """Return the languages in which a parent can read her page, Dutch first."""
    return in_use(TextKind.PAGE).languages


def label(kind: TextKind) -> str:
    """Return what a text is called (a message id)."""
    return LABELS[kind]


def _read(row: TextEdition) -> Text:
    return Text(row.kind, row.number, row.name, row.bodies, row.state)


def _expect_draft(draft: TextEdition, version: int | None) -> None:
    """Hold the row; make sure that it is what the person looked at, and still a draft."""
    db.session.refresh(draft, with_for_update=True)
    if draft.state != TextState.DRAFT or version != draft.version:
        raise ConflictError(N_("Intussen heeft iemand anders dit gewijzigd."))
