"""What people write beside a referral: a message to the other side, a note for the branch."""

import wtforms

from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext

# WTForms asks for str; a label becomes one when the page is made.


class MessageForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Je bericht"), [Required()])


class NoteForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Nieuwe notitie"), [Required()])
