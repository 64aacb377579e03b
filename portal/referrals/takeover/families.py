"""A row of the list as a family that can be taken over, or what is wrong with it per column."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from portal.core import clock
from portal.core.i18n import N_, short_date
from portal.directory.folding import fold
from portal.directory.gazetteer import places
from portal.referrals import rules
from portal.referrals.filled import Child, Household, Identity
from portal.referrals.models import Status
from portal.referrals.takeover import cells
from portal.referrals.takeover.cells import CellError
from portal.referrals.takeover.columns import (
    BY_CODE,
    CHILD_CODES,
    COLUMNS,
    INDICATOR_CODES,
    Cells,
)

NEEDED = N_("Vul dit in.")
NEEDED_HERE = N_("Vul dit in bij %(step)s.")
FUTURE = N_("Deze datum ligt in de toekomst.")
BEFORE = N_("Deze datum ligt voor %(header)s (%(day)s).")
NO_YOUNG_CHILD = N_(
    "Home-Start is er voor gezinnen met minstens één kind jonger dan 12, of een zwangerschap."
)
UNKNOWN_PLACE = N_("Deze postcode is er geen van Vlaanderen of Brussel.")
WHICH_PLACE = N_("Deze postcode hoort bij %(names)s. Vul de gemeente in.")

# The days of a family in the order in which they can follow one another.
_ORDER = (
    "received_on",
    "contact_on",
    "intake_on",
    "waiting_since_on",
    "matched_on",
    "started_on",
)
_NEEDED_AT = {
    Status.WAITING: ("intake_on",),
    Status.MATCHED: ("intake_on", "matched_on", "volunteer"),
    Status.RUNNING: ("intake_on", "matched_on", "volunteer", "started_on"),
}
_NOT_YET_AT = {
    Status.SUBMITTED: ("street", "intake_on", "waiting_since_on", "matched_on", "started_on"),
    Status.WAITING: ("matched_on", "started_on", "volunteer"),
    Status.MATCHED: ("started_on",),
}
NOT_YET = N_("Dit past niet bij %(step)s. Kies een andere stap of maak het leeg.")


@dataclass(frozen=True)
class Problem:
    """What is wrong in one column of a row. `message` is Dutch (a message id)."""

    header: str
    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A family to take over. Days are dates, months the first day of the month."""

    step: Status
    nis: str
    postcode: str
    identity: Identity
    household: Household
    street: str
    question: str
    indicators: tuple[str, ...]
    referrer_kind: str
    referred_by: str
    volunteer: str
    priority: bool
    days: dict[str, date | None]
    consent_on: date
    consent_by: str
    consent_manner: str
    note: str


@dataclass
class Checked:
    """One row: the family when nothing is wrong with it, else the problems."""

    number: int
    name: str
    taken: Taken | None
    problems: list[Problem]
    alike: list[str] = field(default_factory=list)  # where the family may be known already

    @property
    def ready(self) -> bool:
        """Whether it can be taken over without a second look."""
        return self.taken is not None and not self.alike


def check(number: int, row: Cells) -> Checked:
    """Return what a row holds, or each column that is wrong."""
    values, problems = _read(row)
    if not problems:
        problems = [*_missing(values), *_order(values), *_place(values), *_children(values)]
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    return Checked(number, name, None if problems else _taken(values), problems)


def _problem(code: str, message: str, **values: object) -> Problem:
    return Problem(BY_CODE[code].header, message, values)


def _read(row: Cells) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in COLUMNS:
        cell = row.get(column.code, "")
        try:
            known = cells.sound(cell)
            if known != "":
                values[column.code] = column.read(known)
            elif column.always:
                problems.append(_problem(column.code, NEEDED))
        except CellError as error:
            problems.append(_problem(column.code, error.message, **error.values))
    return values, problems


def _missing(values: dict[str, Any]) -> list[Problem]:
    step = Status(values["step"])
    label = BY_CODE["step"].choices or {}
    found = [
        _problem(code, NEEDED_HERE, step=label[values["step"]])
        for code in _NEEDED_AT.get(step, ())
        if code not in values
    ]
    found += [
        _problem(code, NOT_YET, step=label[values["step"]])
        for code in _NOT_YET_AT.get(step, ())
        if code in values
    ]
    if "phone" not in values and "email" not in values:
        found.append(_problem("phone", N_("Vul een telefoonnummer of een e-mailadres in.")))
    return found


def _order(values: dict[str, Any]) -> list[Problem]:
    today = clock.today()
    found = [
        _problem(code, FUTURE)
        for code in (*_ORDER, "consent_on", *CHILD_CODES)
        if code in values and values[code] > today
    ]
    known = [code for code in _ORDER if code in values]
    for before, after in pairwise(known):
        if values[after] < values[before]:
            named = BY_CODE[before].header
            found.append(_problem(after, BEFORE, header=named, day=short_date(values[before])))
    return found


def _place(values: dict[str, Any]) -> list[Problem]:
    """Set `nis` of the municipality a postcode and perhaps a name point at."""
    here = [one for one in places().values() if values["postcode"] in one.postcodes]
    if not here:
        return [_problem("postcode", UNKNOWN_PLACE)]
    if len(here) > 1:
        wanted = fold(values.get("municipality", ""))
        named = [one for one in here if wanted in (fold(one.name), fold(one.name_fr))]
        if len(named) != 1:
            names = ", ".join(one.name for one in here)
            return [_problem("municipality", WHICH_PLACE, names=names)]
        here = named
    values["nis"] = here[0].nis
    return []


def _children(values: dict[str, Any]) -> list[Problem]:
    """Look at the ages on the day the family came: a running one may have grown since."""
    month = clock.today().replace(day=1)
    due = values.get("due")
    if due is not None and not month <= due <= clock.today() + rules.LONGEST_PREGNANCY:
        words = N_(
            "Deze maand is voorbij of te ver weg. Is het kind al geboren? Vul de geboorte in."
        )
        return [_problem("due", words)]
    received = values["received_on"].replace(day=1)
    oldest = received.replace(year=received.year - rules.OLDEST_CHILD_YEARS)
    born = [values[code] for code in CHILD_CODES if code in values]
    if due is None and not any(one >= oldest for one in born):
        return [_problem(CHILD_CODES[0], NO_YOUNG_CHILD)]
    return []


def _taken(values: dict[str, Any]) -> Taken:
    step = Status(values["step"])
    days: dict[str, date | None] = {code: values.get(code) for code in _ORDER}
    if step != Status.SUBMITTED:
        days["contact_on"] = days["contact_on"] or days["intake_on"]
        days["waiting_since_on"] = days["waiting_since_on"] or days["intake_on"]
    return Taken(
        step=step,
        nis=values["nis"],
        postcode=values["postcode"],
        identity=Identity(
            first_name=values["first_name"],
            last_name=values["last_name"],
            phone=values.get("phone", ""),
            email=values.get("email", ""),
            contact_mode="may_call",
            call_moment="",
        ),
        household=_household(values),
        street=values.get("street", ""),
        question=values.get("question", ""),
        indicators=tuple(code for code in INDICATOR_CODES if values.get(f"is_{code}")),
        referrer_kind=values.get("referrer_kind", "other"),
        referred_by=values.get("referred_by", ""),
        volunteer=values.get("volunteer", ""),
        priority=values.get("priority", False),
        days=days,
        consent_on=values["consent_on"],
        consent_by=values["consent_by"],
        consent_manner=values["consent_manner"],
        note=values.get("note", ""),
    )


def _household(values: dict[str, Any]) -> Household:
    born = (values[code] for code in CHILD_CODES if code in values)
    other = values.get("other_language", "")
    return Household(
        adults=values.get("adults"),
        children=tuple(Child(day) for day in born),
        due=values.get("due"),
        language="other" if other else values.get("language", "nl"),
        other_language=other,
        interpreter=values.get("interpreter", False),
        online=None,
    )
