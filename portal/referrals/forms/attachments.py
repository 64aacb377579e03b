"""Adding a file to a referral."""

from typing import Any

from flask_wtf.file import FileField, FileRequired

from portal.core.fields import RadioField
from portal.core.forms import OnceForm, Required
from portal.core.i18n import lazy_gettext

# Both libraries ask for str; a label becomes one when the page is made.


class AttachmentForm(OnceForm):
    file = FileField(lazy_gettext("Bestand"), [FileRequired(lazy_gettext("Kies een bestand."))])
    shared = RadioField(
        lazy_gettext("Wie mag dit zien?"),
        [Required()],
        choices=[
            ("nee", lazy_gettext("Alleen de afdeling")),
            ("ja", lazy_gettext("De afdeling en de verwijzer")),
        ],
        default="nee",
    )

    def __init__(self, *, asks_sharing: bool, **values: Any) -> None:
        super().__init__(**values)
        if not asks_sharing:
            del self.shared

    @property
    def is_shared(self) -> bool:
        """Whether the other side may have it: always, where the question is not asked."""
        return "shared" not in self or self.shared.data == "ja"


class RemoveForm(OnceForm):
    """A mere button."""
