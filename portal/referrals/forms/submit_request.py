"""Step 3: what the situation is, what the family asks, and what it is good at."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core.errors import DomainError
from portal.core.fields import CheckboxesField
from portal.core.forms import choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.referrals.choices import (
    HEALTH_CODES,
    INDICATOR_LABELS,
    OTHER_SERVICES,
    TASK_GROUPS,
    TASK_LABELS,
)
from portal.referrals.forms.step import StepForm

TASK_FIELDS = ("upbringing", "network", "rights")  # the three groups, in their order
_ONLY_FOR_A_BRANCH = (*TASK_FIELDS, "question", "strengths", "other_services")
_GROUPS = list(TASK_GROUPS.items())


def task_group(number: int) -> CheckboxesField:
    """Return the question for one of the three groups of volunteer tasks, 0 to 2."""
    label, tasks = _GROUPS[number]
    return CheckboxesField(lazy_gettext(label), choices=choices_of(tasks))


class RequestForm(StepForm):
    """Two health indicators are there only when the family agreed to share them."""

    indicators = CheckboxesField(
        lazy_gettext("Wat speelt er in het gezin?"),
        choices=choices_of({c: t for c, t in INDICATOR_LABELS.items() if c not in HEALTH_CODES}),
    )
    health = CheckboxesField(
        lazy_gettext("Gezondheid"),
        choices=choices_of({c: t for c, t in INDICATOR_LABELS.items() if c in HEALTH_CODES}),
    )
    upbringing = task_group(0)
    network = task_group(1)
    rights = task_group(2)
    question = wtforms.TextAreaField(
        lazy_gettext("De vraag van het gezin, in eigen woorden"), [Length(max=1000)]
    )
    strengths = wtforms.TextAreaField(lazy_gettext("De krachten van het gezin"), [Length(max=1000)])
    other_services = CheckboxesField(
        lazy_gettext("Welke andere diensten zijn betrokken?"), choices=choices_of(OTHER_SERVICES)
    )

    def __init__(self, *args: Any, shares_health: bool, counted_only: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.shares_health = shares_health
        self.counted_only = counted_only
        if not shares_health:
            del self.health

    @property
    def not_asked(self) -> tuple[str, ...]:
        return _ONLY_FOR_A_BRANCH if self.counted_only else ()

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that were ticked, of the three groups together."""
        ticked = {code for name in TASK_FIELDS for code in self[name].data or ()}
        return tuple(code for code in TASK_LABELS if code in ticked)

    def check_rules(self) -> None:
        if not (self.counted_only or self.tasks or self.question.data):
            raise DomainError(
                N_("Kruis minstens één vraag aan, of schrijf de vraag in eigen woorden."),
                TASK_FIELDS[0],
            )

    def health_codes(self) -> frozenset[str]:
        """Return the health indicators, of a family that shares them."""
        return frozenset(self.health.data or ()) if self.shares_health else frozenset()
