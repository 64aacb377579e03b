"""What HSV notes of a service it delivered."""

import wtforms
from wtforms.validators import Length, NumberRange

from portal.agreements import deliveries
from portal.agreements.deliveries import Done
from portal.agreements.forms.steps import SHORT
from portal.agreements.models import Delivery, DeliveryKind
from portal.agreements.terms import Terms
from portal.core.amount_fields import HoursField
from portal.core.fields import DayField, NumberField, SelectField
from portal.core.forms import OnceForm, Required, choices_of
from portal.core.i18n import lazy_gettext


class DeliveryForm(OnceForm):
    """Something HSV did for the partners of an agreement."""

    kind = SelectField(
        lazy_gettext("Wat"),
        [Required()],
        blank=lazy_gettext("Kies"),
        choices=choices_of(DeliveryKind),
    )
    done_on = DayField(lazy_gettext("Wanneer"), [Required()])
    by_name = wtforms.StringField(
        lazy_gettext("Door wie van Home-Start Vlaanderen"), [Required(), Length(max=120)]
    )
    count = NumberField(lazy_gettext("Aantal"), [Required(), NumberRange(1, deliveries.MOST)])
    hours = HoursField(lazy_gettext("Duur in uren, alles samen"))
    service = SelectField(
        lazy_gettext("Voor welke dienst"), blank=lazy_gettext("De dienst die erbij hoort")
    )
    text = wtforms.TextAreaField(lazy_gettext("In het kort"), [Length(max=SHORT)])
    file = wtforms.FileField(lazy_gettext("Document"))

    def offer(self, terms: Terms) -> None:
        """Set the promised services to choose from."""
        self.service.choices = [(deliveries.key_of(s), s.title) for s in terms.services]

    def done(self) -> Done:
        """Return what was filled in; only after `validate`."""
        assert self.done_on.data is not None
        return Done(
            kind=DeliveryKind(self.kind.data),
            done_on=self.done_on.data,
            by_name=self.by_name.data or "",
            service=self.service.data or "",
            count=self.count.data or 0,
            minutes=self.hours.data,
            text=self.text.data or "",
        )


class CorrectionForm(DeliveryForm):
    """A better row in the place of one."""

    reason = wtforms.StringField(
        lazy_gettext("Waarom verbeter je dit?"), [Required(), Length(max=200)]
    )


class StrikeForm(OnceForm):
    """A row that should not be there."""

    reason = wtforms.StringField(
        lazy_gettext("Waarom schrap je dit?"), [Required(), Length(max=200)]
    )


def known(delivery: Delivery) -> dict[str, object]:
    """Return what the fields hold for a row."""
    names = ("done_on", "by_name", "count", "service", "text")
    values = {name: getattr(delivery, name) for name in names}
    return {**values, "kind": str(delivery.kind), "hours": delivery.minutes}
