"""What people write beside a referral: a message to the other side, a note for the branch."""

from typing import Any

import flask_babel
import wtforms

from portal.core.forms import OnceForm, Required

# WTForms asks for str; a label becomes one when the page is made.
lazy_gettext: Any = flask_babel.lazy_gettext


class MessageForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Je bericht"), [Required()])


class NoteForm(OnceForm):
    text = wtforms.TextAreaField(lazy_gettext("Nieuwe notitie"), [Required()])
