"""What goes with a version when it is put to the other side."""

import wtforms
from wtforms.validators import Length

from portal.agreements.forms.draft import lazy_gettext
from portal.core.forms import VersionedForm


class ProposeForm(VersionedForm):
    """A word with the version."""

    note = wtforms.TextAreaField(lazy_gettext("Wat je erbij wilt zeggen"), [Length(max=2000)])
