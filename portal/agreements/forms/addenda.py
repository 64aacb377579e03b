"""What people fill in around an addendum."""

import wtforms
from wtforms.validators import Length

from portal.agreements.addenda import Ground
from portal.core.fields import DayField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm
from portal.core.i18n import lazy_gettext


class StartForm(BaseForm):
    """A mere button; longer: to go on after the end."""

    longer = wtforms.BooleanField()


class GroundForm(VersionedForm):
    """Why the agreement changes, and from when."""

    reason = wtforms.TextAreaField(
        lazy_gettext("Waarom wijzigt de overeenkomst?"), [Required(), Length(max=2000)]
    )
    from_on = DayField(lazy_gettext("Geldt vanaf"), [Required()])

    def ground(self) -> Ground:
        """Return what was filled in; only after `validate`."""
        return Ground((self.reason.data or "").strip(), self.from_on.data)


class RemarkForm(OnceForm):
    """A remark on an addendum, or HSV's answer."""

    edition = wtforms.IntegerField(widget=wtforms.widgets.HiddenInput(), validators=[Required()])
    text = wtforms.TextAreaField(lazy_gettext("Opmerking"), [Required(), Length(max=4000)])
