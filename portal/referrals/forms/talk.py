"""What people write beside a referral: a message to the other side, a note for the branch."""

import wtforms
from flask_babel import lazy_gettext

from portal.core.forms import OnceForm, Required


class MessageForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Je bericht"), [Required()])


class NoteForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Nieuwe notitie"), [Required()])
