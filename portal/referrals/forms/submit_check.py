"""Step 5: the five points of shared secrecy, before sending."""

from portal.core.fields import CheckboxesField
from portal.core.forms import OnceForm, choices_of
from portal.core.i18n import lazy_gettext
from portal.referrals.choices import SECRECY_LINES


class CheckForm(OnceForm):
    """The rule that all five are confirmed is the service's."""

    secrecy_lines = CheckboxesField(
        lazy_gettext("Bevestig wat gedeeld beroepsgeheim vraagt"),
        choices=choices_of(SECRECY_LINES),
    )
