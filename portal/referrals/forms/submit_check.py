"""Step 5: the five points of shared secrecy, before sending."""

from portal.core.fields import CheckboxesField
from portal.core.forms import OnceForm
from portal.referrals.choices import SECRECY_LINES
from portal.referrals.forms.step import lazy_gettext, translated


class CheckForm(OnceForm):
    """The rule that all five are confirmed is the service's."""

    secrecy_lines = CheckboxesField(
        lazy_gettext("Bevestig wat gedeeld beroepsgeheim vraagt"),
        choices=translated(SECRECY_LINES),
    )
