"""What goes with a version when it is put to the other side."""

import wtforms
from wtforms.validators import Length

from portal.core.forms import VersionedForm
from portal.core.i18n import lazy_gettext


class ProposeForm(VersionedForm):
    """A word with the version."""

    note = wtforms.TextAreaField(lazy_gettext("Wat je erbij wilt zeggen"), [Length(max=2000)])
