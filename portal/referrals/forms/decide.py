"""What people fill in when a referral takes a step: one small form for each."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core import clock
from portal.core.fields import DayField, EmailField, MomentField, PhoneField, RadioField
from portal.core.forms import OnceForm, Required, VersionedForm, choices_of
from portal.core.i18n import N_, lazy_gettext
from portal.referrals import choices

# WTForms asks for str; a label becomes one when the page is made.
NOTE_LENGTH = 2000
ADVICE_LENGTH = 1000


def day(label: Any) -> DayField:
    """Return the question on which day, today until another is chosen."""
    return DayField(label, [Required()], default=clock.today)


def note(label: Any, *, required: bool = False) -> wtforms.TextAreaField:
    """Return the question for a note."""
    asked = [Required()] if required else []
    return wtforms.TextAreaField(label, [*asked, Length(max=NOTE_LENGTH)])


class DecisionForm(VersionedForm, OnceForm):
    """What every decision carries: the version looked at, and a key that is spent once."""


class DayForm(DecisionForm):
    on = day(lazy_gettext("Datum"))
    note = note(lazy_gettext("Notitie voor de afdeling"))


class PlanIntakeForm(DecisionForm):
    at = MomentField(lazy_gettext("Datum en uur van de intake"), [Required()])
    note = note(lazy_gettext("Notitie voor de afdeling"))


class AcceptForm(DecisionForm):
    on = day(lazy_gettext("Datum van de intake"))
    street = wtforms.StringField(lazy_gettext("Straat en nummer van het gezin"), [Length(max=120)])
    priority = RadioField(
        lazy_gettext("Plaats op de wachtlijst"),
        [Required()],
        choices=choices_of(choices.PRIORITIES),
        coerce=int,
        default=0,
    )
    note = note(lazy_gettext("Notitie over de intake, voor de afdeling"))


class DeclineForm(DecisionForm):
    reason = RadioField(
        lazy_gettext("Reden"), [Required()], choices=choices_of(choices.DECLINE_REASONS)
    )
    advice = wtforms.TextAreaField(
        lazy_gettext("Wat past er volgens jou beter?"), [Length(max=ADVICE_LENGTH)]
    )
    note = note(lazy_gettext("Notitie voor de afdeling"))


class PriorityForm(DecisionForm):
    priority = RadioField(
        lazy_gettext("Plaats op de wachtlijst"),
        [Required()],
        choices=choices_of(choices.PRIORITIES),
        coerce=int,
    )
    reason = note(lazy_gettext("Waarom?"), required=True)


class ProposeMatchForm(DecisionForm):
    volunteer_name = wtforms.StringField(lazy_gettext("Vrijwilliger"), [Required(), Length(max=80)])
    on = day(lazy_gettext("Voorgesteld op"))
    note = note(lazy_gettext("Notitie voor de afdeling"))


ANSWERS = {
    "open": N_("Nog geen antwoord"),
    "yes": N_("Ja, gaat ervoor"),
    "no": N_("Nee, kiest hier niet voor"),
}


class AnswerMatchForm(DecisionForm):
    family = RadioField(
        lazy_gettext("Het gezin"), [Required()], choices=choices_of(ANSWERS), default="open"
    )
    family_on = DayField(lazy_gettext("Antwoord van het gezin op"), default=clock.today)
    volunteer = RadioField(
        lazy_gettext("De vrijwilliger"), [Required()], choices=choices_of(ANSWERS), default="open"
    )
    volunteer_on = DayField(lazy_gettext("Antwoord van de vrijwilliger op"), default=clock.today)
    note = note(lazy_gettext("Notitie voor de afdeling"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the day of a yes, and for at least one answer."""
        fine = super().validate(extra_validators)
        for answer, day in ((self.family, self.family_on), (self.volunteer, self.volunteer_on)):
            if answer.data == "yes" and day.data is None and not day.errors:
                day.errors = [*day.errors, gettext("Vul in op welke dag het antwoord kwam.")]
                fine = False
        if fine and self.family.data == self.volunteer.data == "open":
            self.form_errors.append(gettext("Noteer minstens één antwoord."))
            fine = False
        return fine

    def day_of(self, who: str) -> date | None:
        """Return the day the `family` or the `volunteer` said yes; None as long as not."""
        return self[f"{who}_on"].data if self[who].data == "yes" else None

    @property
    def refusal(self) -> str:
        """Who said no; empty when nobody did."""
        if self.family.data == "no":
            return "family_no"
        return "volunteer_no" if self.volunteer.data == "no" else ""


class RecordWithdrawalForm(DecisionForm):
    on = day(lazy_gettext("Datum"))
    reason = RadioField(
        lazy_gettext("Reden"), [Required()], choices=choices_of(choices.WITHDRAWAL_REASONS)
    )
    note = note(lazy_gettext("Notitie voor de afdeling"))


class WithdrawForm(DecisionForm):
    reason = RadioField(
        lazy_gettext("Reden"), [Required()], choices=choices_of(choices.WITHDRAWAL_REASONS)
    )
    note = note(lazy_gettext("Toelichting voor de coördinator"))


class CorrectContactForm(DecisionForm):
    phone = PhoneField(lazy_gettext("Telefoon"))
    email = EmailField(lazy_gettext("E-mail"))
    street = wtforms.StringField(lazy_gettext("Straat en nummer"), [Length(max=120)])
    note = note(lazy_gettext("Notitie voor de afdeling"))
