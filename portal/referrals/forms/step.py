"""What the steps of the referral form share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext

from portal.core.errors import DomainError
from portal.core.forms import BaseForm, Required, show_error
from portal.core.i18n import long_date


class StepForm(BaseForm):
    """One step. Syntax first, then the rules that can already be known at this step."""

    class Meta(BaseForm.Meta):
        # The token of every post is checked before any view; a draft is checked again without one.
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    @property
    def not_asked(self) -> Iterable[str]:
        """The fields that do not matter, given the other answers."""
        return ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the syntax, then the rules; the first rule that says no stands on its field."""
        super().validate(extra_validators)
        for name in self.not_asked:
            self[name].errors = []
        if self.errors:
            return False
        try:
            self.check_rules()
        except DomainError as error:
            show_error(self, error)
            return False
        return True

    def check_rules(self) -> None:
        """Raise DomainError for what the service would refuse later."""


def typed_in(field: Any) -> bool:
    """Say whether anything was typed, sound or not."""
    return any(text.strip() for text in field.raw_data or ())


def ask(field: Any, message: Any = None) -> None:
    """Insist on an answer to a question that is only sometimes put. Raises StopValidation."""
    Required(message)(None, field)


def answer(field: Any) -> Any:
    """Return what was answered as a person reads it.

    The text of a choice, Ja or Nee, a date in full, a list where several choices were possible,
    what was typed, or None.
    """
    if hasattr(field, "iter_choices"):
        chosen = [str(choice.label) for choice in field.iter_choices() if choice.selected]
        if isinstance(field.data, list):
            return chosen
        return chosen[0] if chosen and field.data is not None else None
    if isinstance(field.data, bool):
        return gettext("Ja") if field.data else gettext("Nee")
    if isinstance(field.data, date):
        return long_date(field.data)
    return field.data
