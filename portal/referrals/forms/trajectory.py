"""How a match ends or pauses, how a trajectory closes, and what comes after."""

import wtforms

from portal.core import clock
from portal.core.fields import DayField, RadioField, YesNoField
from portal.core.forms import Required, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals import choices
from portal.referrals.forms.decide import DecisionForm, day, note
from portal.referrals.trajectory.closing import NONE, Closing


class EndMatchForm(DecisionForm):
    on = day(lazy_gettext("Laatste dag"))
    reason = RadioField(
        lazy_gettext("Waarom stopt deze match?"),
        [Required()],
        choices=choices_of(choices.MATCH_ENDINGS),
    )
    note = note(lazy_gettext("Notitie voor de afdeling"))


class PauseForm(DecisionForm):
    reason = RadioField(
        lazy_gettext("Waarom een pauze?"), [Required()], choices=choices_of(choices.PAUSE_REASONS)
    )
    from_on = DayField(lazy_gettext("Vanaf welke dag niet?"), [Required()], default=clock.today)
    restart_on = DayField(lazy_gettext("Vanaf wanneer weer wel, is het plan?"), [Required()])
    note = note(lazy_gettext("Notitie voor de afdeling"))


class CompleteForm(DecisionForm):
    on = day(lazy_gettext("Laatste dag van het traject"))
    reason = RadioField(
        lazy_gettext("Reden"), [Required()], choices=choices_of(choices.CLOSING_REASONS)
    )
    note = note(lazy_gettext("Notitie voor de afdeling"))
    last = RadioField(
        lazy_gettext("De slotevaluatie"),
        [Required()],
        choices=choices_of(choices.LAST_EVALUATION),
    )
    evaluation_on = DayField(lazy_gettext("Slotevaluatie gepland op"))
    follow_up = YesNoField(
        lazy_gettext("Mag je het gezin later nog eens contacteren?"), [Required()]
    )
    follow_up_on = DayField(lazy_gettext("Nazorgcontact tegen"))

    def validate_follow_up_on(self, field: DayField) -> None:
        if self.follow_up.data and field.data is None and not field.process_errors:
            Required()(self, field)

    def closing(self) -> Closing:
        """Return what was filled in, once the form is valid."""
        assert self.on.data is not None
        return Closing(
            self.on.data,
            self.reason.data or "",
            self.note.data or "",
            self.last.data or NONE,
            self.evaluation_on.data,
            self.follow_up_on.data if self.follow_up.data else None,
        )


class FollowUpForm(DecisionForm):
    on = day(lazy_gettext("Datum van het contact"))
    result = RadioField(
        lazy_gettext("Hoe gaat het?"), [Required()], choices=choices_of(choices.FOLLOW_UP_RESULTS)
    )
    note = note(lazy_gettext("Notitie voor de afdeling"))
    again_on = DayField(lazy_gettext("Nog een contact tegen"))


class ReopenForm(DecisionForm):
    agreed = wtforms.BooleanField(
        lazy_gettext("Het gezin vraagt dit zelf of is het ermee eens."),
        [Required(lazy_gettext("Heropenen kan alleen als het gezin ermee instemt."))],
    )
    agreed_on = day(lazy_gettext("Wanneer stemde het gezin in?"))
    note = note(lazy_gettext("Notitie voor de afdeling"))
