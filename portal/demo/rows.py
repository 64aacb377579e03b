"""The rows of made-up referrals: what is plain, what is sealed, and what hangs on each."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from portal.core import clock
from portal.core.crypto import keyring
from portal.core.db import db, new_id
from portal.demo import names
from portal.demo.trajectories import Step, Trajectory, simulate
from portal.referrals.choices import (
    DECLINE_REASONS,
    FEEDBACK,
    HEALTH_CODES,
    INDICATORS,
    LANGUAGES,
    OTHER_SERVICES,
    SECRECY_LINES,
    TASK_LABELS,
    Feedback,
)
from portal.referrals.consents import ConsentChoice, first_answers
from portal.referrals.models import Channel, Consent, Family, Match, Referral, ReferralEvent
from portal.referrals.reference import new_reference
from portal.referrals.text_kinds import TextKind
from portal.referrals.texts import shipped

_ON_REFERRAL = (Consent, ConsentChoice, Match, ReferralEvent)
_SHARE_WITHOUT_SOURCE = 0.35  # indicators for which Home-Start publishes no share
_PRIORITY_SHARE = 0.08
_WANTS_WORD_SHARE = 0.9
_INTERPRETER_SHARE = 0.4  # of families who speak another language
_ONLINE_SHARE = 0.8
_STAYS_SHARE = 0.7
_RISK_SHARE = 0.03


@dataclass(frozen=True)
class Route:
    """A place from which families are referred: municipality, postcode, branch, coordinator."""

    nis: str
    postcode: str
    branch_id: int
    coordinator_id: int


@dataclass(frozen=True)
class Source:
    """Somebody who refers, for her organisation."""

    account_id: int
    organisation_id: int
    kind: str
    nis: str | None


@dataclass(frozen=True)
class Case:
    """One referral being made up."""

    referral_id: int
    route: Route
    source: Source
    path: Trajectory
    feedback: str
    indicators: list[str]

    @property
    def health(self) -> list[str]:
        return [code for code in self.indicators if code in HEALTH_CODES]


class Writer:
    """Makes up rows and writes them in bulk. The same seed makes up the same families."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._ids = iter(new_id, 0)
        self._rows: dict[type[Any], list[dict[str, Any]]] = {}
        self.write()

    def write(self) -> None:
        """Insert what was made up so far, parents first."""
        for table, rows in self._rows.items():
            if rows:
                db.session.execute(insert(table), rows)
        self._rows = {t: [] for t in (Referral, Family, *_ON_REFERRAL)}

    def add(self, route: Route, source: Source, received: datetime) -> None:
        """Make up one referral and everything that hangs on it."""
        random = self.random
        case = Case(
            next(self._ids),
            route,
            source,
            simulate(random, received, clock.now()),
            random.choices(list(FEEDBACK), (7, 2, 1))[0],
            [i.code for i in INDICATORS if random.random() < (i.share or _SHARE_WITHOUT_SOURCE)],
        )
        self._rows[Referral].append(self._referral(case))
        self._rows[Family].append(self._family(case))
        consent = self._consent(case)
        self._rows[Consent].append(consent)
        self._rows[ConsentChoice] += self._choices(case, consent)
        for version, step in enumerate(case.path.steps, start=2):
            self._rows[ReferralEvent].append(self._event(case, version, step))
        if case.path.proposed_on is not None:
            self._rows[Match].append(self._match(case))

    def _referral(self, case: Case) -> dict[str, Any]:
        path = case.path
        declined = path.status == "declined"
        return {
            "id": case.referral_id,
            "reference": new_reference(),
            "status": path.status,
            "version": len(path.steps) + 1,
            "changed_at": path.steps[-1].at,
            "municipality_nis": case.route.nis,
            "postcode": case.route.postcode,
            "branch_id": case.route.branch_id,
            "organisation_id": case.source.organisation_id,
            "referrer_kind": case.source.kind,
            "account_id": case.source.account_id,
            "received_at": path.received,
            "first_contact_due_on": clock.local(path.received).date() + timedelta(days=14),
            "first_contact_on": path.contact_on,
            "intake_at": path.intake_at,
            "intake_on": path.intake_on,
            "waiting_since_on": path.intake_on,
            "priority": int(self.random.random() < _PRIORITY_SHARE),
            "visited_on": path.visited_on,
            "matched_on": path.matched_on,
            "started_on": path.started_on,
            "ended_on": path.ended_on,
            "reason": self.random.choice(list(DECLINE_REASONS)) if declined else path.reason,
            "feedback": case.feedback,
            "referrer_hears": self.random.random() < _WANTS_WORD_SHARE,
        }

    def _family(self, case: Case) -> dict[str, Any]:
        row_id = next(self._ids)
        street = f"Voorbeeldstraat {self.random.randrange(1, 200)}" if case.path.intake_on else ""
        parts = {
            "identity": self._identity(),
            "household": self._household(case),
            "situation": self._situation(case),
            "health": case.health,
            "practical": self._practical(),
            "street": street,
        }
        sealed = {f"{k}_encrypted": seal(Family, row_id, k, v) for k, v in parts.items()}
        return {"id": row_id, "referral_id": case.referral_id, **sealed}

    def _identity(self) -> dict[str, Any]:
        random = self.random
        return {
            "first_name": random.choice(names.FIRST_NAMES),
            "last_name": random.choice(names.LAST_NAMES),
            "phone": f"0499 00 {random.randrange(100):02} {random.randrange(100):02}",
            "email": "",
            "contact_mode": random.choices(("may_call", "family_calls"), (9, 1))[0],
            "call_moment": random.choice(names.CALL_MOMENTS),
        }

    def _household(self, case: Case) -> dict[str, Any]:
        random = self.random
        language = random.choices(list(LANGUAGES), [55, *[3] * (len(LANGUAGES) - 1)])[0]
        received_on = case.path.received.date()
        perinatal = "perinatal" in case.indicators
        return {
            "adults": 1 if "single_parent" in case.indicators else 2,
            "children": self._children(received_on, perinatal=perinatal),
            "due": _month(received_on + timedelta(days=60)) if perinatal else None,
            "language": language,
            "other_language": "",
            "interpreter": language != "nl" and random.random() < _INTERPRETER_SHARE,
            "online": random.random() < _ONLINE_SHARE,
        }

    def _children(self, on: date, *, perinatal: bool) -> list[dict[str, str]]:
        random = self.random
        fewest = 0 if perinatal else 1
        number = random.choices((fewest, 1, 2, 3, 4), (15, 30, 30, 15, 10))[0]
        ages = sorted(random.uniform(0.2, 11) for _ in range(number))
        return [
            {
                "born": _month(on - timedelta(days=365 * age)),
                "first_name": random.choice(("", random.choice(names.CHILD_NAMES))),
            }
            for age in ages
        ]

    def _situation(self, case: Case) -> dict[str, Any]:
        random = self.random
        return {
            "indicators": [i for i in case.indicators if i not in HEALTH_CODES],
            "tasks": random.sample(list(TASK_LABELS), random.randint(1, 4)),
            "question": random.choice(names.QUESTIONS),
            "strengths": random.choice(names.STRENGTHS),
            "other_services": random.sample(list(OTHER_SERVICES), random.randint(0, 3)),
            "at_school": random.choice(("yes", "no")),
            "referred_before": random.choice(("no", "no", "unknown")),
            "function": random.choice(names.FUNCTIONS),
            "phone": f"02 000 {random.randrange(100):02} {random.randrange(100):02}",
            "relation": random.choice(("guidance", "regular", "once")),
            "stays_involved": random.random() < _STAYS_SHARE,
            "wants_feedback": True,
        }

    def _practical(self) -> dict[str, Any]:
        random = self.random
        return {
            "pets": random.choice(("yes", "no", "unknown")),
            "smoking": random.choice(("yes", "no", "unknown")),
            "access": random.choice(names.ACCESS),
            "known_risk": random.random() < _RISK_SHARE,
        }

    def _consent(self, case: Case) -> dict[str, Any]:
        random = self.random
        received_on = case.path.received.date()
        return {
            "id": next(self._ids),
            "referral_id": case.referral_id,
            "text_version": shipped(TextKind.CONSENT).name,
            "given_by": random.choice(("mother", "mother", "father", "both")),
            "given_on": received_on - timedelta(days=random.randrange(7)),
            "manner": random.choice(("spoken", "written")),
            "language": "nl",
            "leaflet_given": random.random() < _ONLINE_SHARE,
            "shares_health": bool(case.health),
            "feedback": case.feedback,
            "kept_when_unserved": False,
            "secrecy_lines": sorted(SECRECY_LINES),
            "recorded_by_id": case.source.account_id,
            "recorded_at": case.path.received,
        }

    def _choices(self, case: Case, consent: dict[str, Any]) -> list[dict[str, Any]]:
        answers = first_answers(
            consent["shares_health"], Feedback(case.feedback), Channel.PROFESSIONAL
        )
        same = ("text_version", "language", "given_by", "given_on", "manner")
        return [
            {
                "id": next(self._ids),
                "referral_id": case.referral_id,
                "purpose": purpose,
                "answer": answer,
                "account_id": case.source.account_id,
                "at": case.path.received,
                **{name: consent[name] for name in same},
            }
            for purpose, answer in answers.items()
        ]

    def _event(self, case: Case, version: int, step: Step) -> dict[str, Any]:
        row_id = next(self._ids)
        by_referrer = step.action in ("submit", "withdraw")
        note = self.random.choice(names.NOTES.get(step.action, ("",)))
        advice = self.random.choice(names.ADVICE) if step.action == "decline" else ""
        return {
            "id": row_id,
            "referral_id": case.referral_id,
            "version": version,
            "action": step.action,
            "before": step.before,
            "after": step.after,
            "at": step.at,
            "account_id": case.source.account_id if by_referrer else case.route.coordinator_id,
            "on": clock.local(step.at).date(),
            "note_encrypted": seal(ReferralEvent, row_id, "note", note),
            "advice_encrypted": seal(ReferralEvent, row_id, "advice", advice),
        }

    def _match(self, case: Case) -> dict[str, Any]:
        row_id = next(self._ids)
        volunteer = self.random.choice(names.VOLUNTEERS)
        return {
            "id": row_id,
            "referral_id": case.referral_id,
            "proposed_on": case.path.proposed_on,
            "family_accepted_on": case.path.matched_on,
            "volunteer_accepted_on": case.path.matched_on,
            "introduced_on": case.path.introduced_on,
            "started_on": case.path.started_on,
            "ended_on": case.path.ended_on,
            "end_reason": "ended" if case.path.ended_on else None,
            "volunteer_name_encrypted": seal(Match, row_id, "volunteer_name", volunteer),
        }


def seal(model: type[Any], row_id: int, column: str, value: Any) -> bytes | None:
    """Return a value as the column of that row keeps it."""
    if value in (None, ""):
        return None
    plain = json.dumps(value, ensure_ascii=False).encode()
    return keyring().seal(plain, f"{model.__tablename__}|{column}|{row_id}")


def _month(day: date) -> str:
    return day.replace(day=1).isoformat()
