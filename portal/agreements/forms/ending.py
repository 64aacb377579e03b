"""Going on or not: the answer on renewal, and notice."""

import wtforms
from wtforms.validators import Length

from portal.agreements.ending import NoticeDetails
from portal.agreements.forms.steps import SHORT
from portal.agreements.models import NoticeForm, NoticeGround
from portal.core.fields import DayField, RadioField, SelectField, YesNoField
from portal.core.forms import Required, VersionedForm, choices_of
from portal.core.i18n import lazy_gettext

OURSELVES = 0  # HSV, among organisation ids


class RenewalForm(VersionedForm):
    """Whether one's party goes on."""

    wanted = YesNoField(lazy_gettext("Willen jullie verder gaan?"), [Required()])
    note = wtforms.TextAreaField(lazy_gettext("Toelichting"), [Length(max=SHORT)])


class GiveNoticeForm(VersionedForm):
    """Notice as it was given. HSV also says by whom; a partner gives its own."""

    party = SelectField(
        lazy_gettext("Wie zegt op"), [Required()], coerce=int, blank=lazy_gettext("Kies")
    )
    ground = RadioField(
        lazy_gettext("Op welke grond"), [Required()], choices=choices_of(NoticeGround)
    )
    began_on = DayField(lazy_gettext("Begin van de ingebrekestelling of het overleg"))
    manner = RadioField(
        lazy_gettext("Hoe gebeurde de kennisgeving"), [Required()], choices=choices_of(NoticeForm)
    )
    notified_on = DayField(lazy_gettext("Datum van de kennisgeving"), [Required()])
    effect_on = DayField(lazy_gettext("Laatste dag van de samenwerking"))
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required(), Length(max=SHORT)])
    file = wtforms.FileField(lazy_gettext("De brief of de e-mail met ontvangstbevestiging"))

    def details(self, organisation_id: int | None) -> NoticeDetails:
        """Return what was filled in; only after `validate`."""
        assert self.notified_on.data is not None
        return NoticeDetails(
            organisation_id=organisation_id,
            ground=NoticeGround(self.ground.data),
            form=NoticeForm(self.manner.data),
            notified_on=self.notified_on.data,
            reason=self.reason.data or "",
            began_on=self.began_on.data,
            effect_on=self.effect_on.data,
        )
