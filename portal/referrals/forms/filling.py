"""A draft as a form of steps: which there are, which are done, and what it all amounts to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from portal.core.i18n import N_
from portal.core.national_number import contains_national_number
from portal.referrals.filled import Practical, Situation, Submission
from portal.referrals.forms.step import StepForm
from portal.referrals.forms.submit_check import CheckForm
from portal.referrals.forms.submit_consent import ConsentForm
from portal.referrals.forms.submit_family import FamilyForm
from portal.referrals.forms.submit_practical import PracticalForm
from portal.referrals.forms.submit_request import RequestForm
from portal.referrals.models import Draft

CHECK = "nakijken"
LABELS = {
    "instemming": N_("Jij en de instemming"),
    "gezin": N_("Het gezin"),
    "vraag": N_("Vraag en krachten"),
    "praktisch": N_("Praktisch"),
    CHECK: N_("Nakijken en versturen"),
}


@dataclass(frozen=True)
class Problem:
    """Something on a step that stands in the way of sending. `field`: the id to link to."""

    step: str
    label: str
    message: str
    field: str


def steps_for(*, counted_only: bool) -> list[str]:
    """Return the steps there are; where only a need is counted, no home is visited."""
    return [step for step in LABELS if not (step == "praktisch" and counted_only)]


class Filling:
    """The steps of one draft, or of none yet."""

    def __init__(self, draft: Draft | None = None) -> None:
        self.draft = draft
        self._saved: dict[str, Any] = draft.steps if draft is not None else {}
        self._forms: dict[str, Any] = {}

    @property
    def steps(self) -> list[str]:
        """The steps there are to fill in."""
        return steps_for(counted_only=self.counted_only)

    def done(self, step: str) -> bool:
        """Say whether a step passed its form when it was last saved."""
        return bool(self._saved.get(step, {}).get("done"))

    def next_step(self, step: str) -> str:
        """Return where to go from a step that is done: the first that is not, after the others."""
        return next((one for one in self.steps if one != step and not self.done(one)), CHECK)

    def reachable(self, step: str) -> bool:
        """Say whether everything before a step is done."""
        return all(self.done(one) for one in self.steps[: self.steps.index(step)])

    def form(
        self,
        step: str,
        sent: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the form of a step: as sent, else as it was saved, else with what is known."""
        typed = sent
        if typed is None and step in self._saved:
            typed = MultiDict(self._saved[step]["typed"])
        if step == "instemming":
            return ConsentForm(typed, data=known)
        if step == "gezin":
            return FamilyForm(typed)
        if step == "praktisch":
            return PracticalForm(typed)
        if step == CHECK:
            return CheckForm(typed)
        return RequestForm(typed, shares_health=self.shares_health, counted_only=self.counted_only)

    def saved(self, step: str) -> Any:
        """Return the form of a step as it was saved, always the same one."""
        if step not in self._forms:
            self._forms[step] = self.form(step)
        return self._forms[step]

    @cached_property
    def shares_health(self) -> bool:
        """Whether the family agreed to share health information."""
        return bool(self.saved("instemming").shares_health.data)

    @cached_property
    def counted_only(self) -> bool:
        """Whether only a need is counted, and nothing of the family kept."""
        return "gezin" in self._saved and self.saved("gezin").counted_only

    def problems(self) -> list[Problem]:
        """Return what stands in the way of sending: each step before the last is checked anew.

        A step can be sound and yet not done: something typed in it was refused and not kept.
        """
        found: list[Problem] = []
        for step in self.steps[:-1]:
            form = self.saved(step)
            if step not in self._saved:
                message = gettext("Deze stap is nog niet ingevuld.")
                found.append(Problem(step, "", message, "inhoud"))
            elif not form.validate():
                found += _wrong(step, form)
            elif not self.done(step):
                found.append(Problem(step, "", gettext("Deze stap is nog niet klaar."), "inhoud"))
        return found

    def step_with(self, field: str | None) -> str | None:
        """Return the step on which a field stands."""
        return next((one for one in self.steps if field in self.saved(one)), None)

    def submission(self, secrecy_lines: tuple[str, ...]) -> Submission:
        """Return everything typed, once there are no problems."""
        consent, family = self.saved("instemming"), self.saved("gezin")
        asked, home = self.saved("vraag"), self.saved("praktisch")
        counted = self.counted_only
        return Submission(
            referrer=consent.referrer(),
            consent=consent.consent(
                kept_when_unserved=family.unserved and not counted, secrecy_lines=secrecy_lines
            ),
            nis=family.where.municipality.nis,
            postcode=family.where.postcode,
            identity=family.identity(),
            household=family.household(),
            situation=Situation(
                indicators=tuple(asked.indicators.data),
                tasks=asked.tasks,
                question=asked.question.data or "",
                strengths=asked.strengths.data or "",
                other_services=tuple(asked.other_services.data),
                at_school="" if counted else home.at_school.data,
                referred_before="" if counted else home.referred_before.data,
            ),
            practical=Practical("", "", "", False) if counted else home.practical(),
            health=asked.health_codes(),
        )


def typed(form: StepForm, sent: MultiDict[str, str]) -> tuple[dict[str, list[str]], bool]:
    """Return what to keep of a form as it was sent, and whether a national number was left out.

    Only the fields of the form are kept, and no text in which a national number was found.
    """
    names = {field.name for field in form} - {"csrf_token", "once"}
    rows = tuple(f"{field.name}-" for field in form if hasattr(field, "entries"))
    kept: dict[str, list[str]] = {}
    left_out = False
    for name, values in sent.lists():
        if name not in names and not name.startswith(rows):
            continue
        clean = [value for value in values if not contains_national_number(value)]
        left_out = left_out or len(clean) < len(values)
        kept[name] = clean
    return kept, left_out


def _wrong(step: str, form: Any, prefix: str = "") -> Iterator[Problem]:
    for message in form.form_errors:
        yield Problem(step, prefix, message, "inhoud")
    for field in form:
        label = f"{prefix}{field.label.text}"
        if hasattr(field, "entries"):
            for number, row in enumerate(field.entries, 1):
                yield from _wrong(step, row.form, f"{label} {number}, ")
        texts = [one for one in field.errors if isinstance(one, str)] if field.errors else []
        for message in texts:
            yield Problem(step, label, message, field.id)
