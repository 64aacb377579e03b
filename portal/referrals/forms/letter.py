"""Making the letter for a family."""

from portal.core.fields import RadioField, SelectField
from portal.core.forms import BaseForm, Required
from portal.core.i18n import lazy_gettext
from portal.referrals import texts
from portal.referrals.letters import PDF, WORD
from portal.referrals.text_kinds import LANGUAGE_NAMES, TextKind


class LetterForm(BaseForm):
    language = SelectField(
        lazy_gettext("In welke taal leest het gezin?"),
        [Required()],
        choices=lambda: [
            (code, LANGUAGE_NAMES[code]) for code in texts.in_use(TextKind.LETTER).languages
        ],
    )
    form = RadioField(
        lazy_gettext("Als wat?"),
        [Required()],
        choices=[(PDF, lazy_gettext("Pdf, om te printen")), (WORD, lazy_gettext("Word"))],
        default=PDF,
    )
