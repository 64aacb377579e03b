"""Reminders: when they go, what they say, what is left alone, and what lateness is charged."""

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, NumberRange

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, NumberField
from portal.core.forms import BaseForm, OnceForm, Required
from portal.core.i18n import lazy_gettext
from portal.finance.reminder_settings import LATEST_DAYS, Rules
from portal.finance.reminder_texts import LONGEST_BODY, LONGEST_SUBJECT, STEPS, StepText

_DAYS = [Required(), NumberRange(1, LATEST_DAYS)]


def _subject() -> wtforms.StringField:
    return wtforms.StringField(lazy_gettext("Onderwerp"), [Required(), Length(max=LONGEST_SUBJECT)])


def _body() -> wtforms.TextAreaField:
    return wtforms.TextAreaField(lazy_gettext("Tekst"), [Required(), Length(max=LONGEST_BODY)])


def _ways() -> list[tuple[str, str]]:
    return [
        ("person", gettext("Iemand kijkt ze na en verstuurt ze")),
        ("automatic", gettext("Ze vertrekken vanzelf")),
    ]


class ReminderSettingsForm(OnceForm):
    """When reminders go and what they say, from a day on."""

    from_on = DayField(lazy_gettext("Geldig vanaf"), [Required()])
    first_days = NumberField(lazy_gettext("Herinnering, dagen na de vervaldag"), _DAYS)
    second_days = NumberField(lazy_gettext("Tweede herinnering, dagen na de vervaldag"), _DAYS)
    third_days = NumberField(lazy_gettext("Ingebrekestelling, dagen na de vervaldag"), _DAYS)
    answer_days = NumberField(lazy_gettext("Tijd om te betalen, in dagen"), _DAYS)
    way = wtforms.RadioField(lazy_gettext("Hoe vertrekken ze?"), [Required()], choices=_ways)
    cost_cents = AmountField(
        lazy_gettext("Forfaitaire vergoeding voor invorderingskosten (€)"), [Required()]
    )
    subject_1, subject_2, subject_3 = _subject(), _subject(), _subject()
    body_1, body_2, body_3 = _body(), _body(), _body()

    @classmethod
    def of(cls, rules: Rules) -> "ReminderSettingsForm":
        """Return the form with what holds now."""
        known = {name: getattr(rules, name) for name in Rules.__dataclass_fields__}
        for step, text in zip(STEPS, rules.texts, strict=True):
            known |= {f"subject_{step}": text.subject, f"body_{step}": text.body}
        return cls(data={**known, "way": "automatic" if rules.automatic else "person"})

    def rules(self) -> Rules:
        """Return what was filled in; only after `validate`."""
        values = {f.name: f.data for f in self if f.name in Rules.__dataclass_fields__}
        texts = tuple(
            StepText(self[f"subject_{step}"].data, self[f"body_{step}"].data) for step in STEPS
        )
        return Rules(**values, automatic=self.way.data == "automatic", texts=texts)


class PauseForm(OnceForm):
    """Until when an invoice is left alone, and why."""

    until_on = DayField(lazy_gettext("Tot en met"), [Required()])
    reason = wtforms.TextAreaField(lazy_gettext("Reden"), [Required(), Length(max=500)])


class ChargeForm(OnceForm):
    """What of the cost of lateness is charged."""

    with_interest = wtforms.BooleanField(lazy_gettext("De verwijlinterest"))
    with_cost = wtforms.BooleanField(lazy_gettext("De vergoeding voor invorderingskosten"))


class SendForm(BaseForm):
    """The button that sends a reminder; which invoices it is about travels along unnamed."""
