"""Handing a family over: where it lives now, why, and that it agrees."""

from functools import cached_property
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, StopValidation

from portal.core import clock
from portal.core.fields import DayField, RadioField
from portal.core.forms import Required
from portal.core.i18n import lazy_gettext
from portal.referrals import place
from portal.referrals.choices import TRANSFER_REASONS
from portal.referrals.forms.decide import NOTE_LENGTH, DecisionForm
from portal.referrals.transfer import Handover


class TransferForm(DecisionForm):
    reason = RadioField(
        lazy_gettext("Waarom draag je het gezin over?"),
        [Required()],
        choices=[(code, lazy_gettext(label)) for code, label in TRANSFER_REASONS.items()],
    )
    municipality = wtforms.StringField(
        lazy_gettext("In welke gemeente woont het gezin, of gaat het wonen?"), [Required()]
    )
    nis = wtforms.HiddenField()
    which = RadioField(lazy_gettext("Welke gemeente bedoel je?"))
    postcode = RadioField(lazy_gettext("Welke postcode?"))
    agreed = wtforms.BooleanField(
        lazy_gettext("Het gezin weet wie het voortaan opvolgt en is het daarmee eens."),
        [Required(lazy_gettext("Overdragen kan alleen als het gezin ermee instemt."))],
    )
    agreed_on = DayField(
        lazy_gettext("Wanneer stemde het gezin in?"), [Required()], default=clock.today
    )
    note = wtforms.TextAreaField(
        lazy_gettext("Notitie voor de andere afdeling"), [Length(max=NOTE_LENGTH)]
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        where = self.where
        named = [(one.nis, f"{one.name} ({one.province or ''})") for one in where.candidates]
        for field, choices in (
            (self.which, named),
            (self.postcode, [(code, code) for code in where.postcodes]),
        ):
            field.choices = choices
            if field.data not in {code for code, _label in choices}:
                field.data = None

    @cached_property
    def where(self) -> place.Where:
        """What the answers about the municipality point at."""
        return place.find(
            self.municipality.data or "",
            self.nis.data or "",
            self.which.data or "",
            self.postcode.data or "",
        )

    def validate_municipality(self, _field: Any) -> None:
        if self.where.municipality is None and not self.where.candidates:
            raise StopValidation(
                gettext("Deze gemeente vinden we niet. Typ de hele naam of de postcode.")
            )

    def validate_which(self, field: Any) -> None:
        if self.where.candidates and not field.data:
            raise StopValidation(gettext("Kies de gemeente die je bedoelt."))

    def validate_postcode(self, field: Any) -> None:
        if self.where.postcodes and not field.data:
            raise StopValidation(gettext("Kies de postcode."))

    def handover(self) -> Handover:
        """Return what was filled in, once the form is valid."""
        where = self.where
        assert where.municipality is not None
        assert self.agreed_on.data is not None
        return Handover(
            where.municipality.nis,
            where.postcode or "",
            self.reason.data or "",
            self.agreed_on.data,
            self.note.data or "",
        )
