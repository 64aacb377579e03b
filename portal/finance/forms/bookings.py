"""What is filled in to book by hand, from a file, or back."""

from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core.amount_fields import AmountField
from portal.core.fields import DayField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required
from portal.core.i18n import lazy_gettext


class BookForm(OnceForm):
    """One amount on one line. `pays_id` is asked of a cost, when something is committed."""

    line_id = SelectField(
        lazy_gettext("Lijn"), [Required()], coerce=int, blank=lazy_gettext("Kies een lijn")
    )
    booked_on = DayField(lazy_gettext("Datum"), [Required()])
    cents = AmountField(lazy_gettext("Bedrag (€)"), [Required()])
    supplier = wtforms.StringField(lazy_gettext("Leverancier"), [Length(max=160)])
    description = wtforms.StringField(lazy_gettext("Omschrijving"), [Length(max=300)])
    voucher = wtforms.StringField(lazy_gettext("Stuknummer"), [Length(max=60)])
    file = wtforms.FileField(lazy_gettext("Bewijsstuk"))
    pays_id = SelectField(
        lazy_gettext("Betaalt deze vastlegging"),
        coerce=int,
        blank=lazy_gettext("Geen vastlegging"),
    )
    pays_all = wtforms.BooleanField(
        lazy_gettext("Er komt niets meer: geef de rest van de vastlegging vrij")
    )
    again = wtforms.BooleanField(lazy_gettext("Ook als hetzelfde al geboekt lijkt"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.line_id.choices = []
        self.pays_id.choices = []


class CounterForm(OnceForm):
    """Why a booking is taken back."""

    reason = wtforms.StringField(lazy_gettext("Wat klopte er niet?"), [Required(), Length(max=300)])


class AttachForm(OnceForm):
    """A supporting document of a booking."""

    file = wtforms.FileField(lazy_gettext("Bewijsstuk"))


class ImportForm(OnceForm):
    """A file of bookings."""

    file = wtforms.FileField(lazy_gettext("Bestand (CSV of Excel)"))


class BookImportForm(BaseForm):
    """The button under what was read. It needs no one-time key: a file is booked once."""

    duplicates = wtforms.BooleanField(lazy_gettext("Boek ook de rijen die al geboekt lijken"))
