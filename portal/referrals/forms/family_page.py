"""What a parent fills in on her page. The words come from the texts in her language."""

from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms.validators import Length

from portal.core.fields import RadioField, YesNoField
from portal.core.forms import BaseForm, Required
from portal.referrals.choices import Feedback
from portal.referrals.consents import NO, YES, Purpose
from portal.referrals.family_requests import RequestKind

_CODE_LENGTH = 60  # a private link from a mail is longer than a code


class EnterForm(BaseForm):
    code = wtforms.StringField("code", [Required(), Length(max=_CODE_LENGTH)])
    answer = wtforms.StringField("answer", [Required(), Length(max=20)])


class ChooseForm(BaseForm):
    """What may be kept and heard; `feedback` only where somebody referred her."""

    situation = YesNoField("situation", [Required()])
    health = YesNoField("health", [Required()])
    feedback = RadioField("feedback", [Required()], coerce=Feedback)

    def answers(self) -> dict[Purpose, str]:
        """Return what she chose, purpose by purpose."""
        found = {
            Purpose.SITUATION: YES if self.situation.data else NO,
            Purpose.HEALTH: YES if self.health.data else NO,
        }
        if "feedback" in self:
            found[Purpose.FEEDBACK] = str(self.feedback.data)
        return found


class AskForm(BaseForm):
    kind = RadioField("kind", [Required()], coerce=RequestKind)
    text = wtforms.TextAreaField("text", [Length(max=1000)])


def speak(form: Any, words: Mapping[str, str], prefix: str) -> Any:
    """Give a form its labels and choices in the words of a page, and return it."""
    for field in form:
        asked = words["ask.choose" if hasattr(field, "iter_choices") else "error.fill"]
        field.validators = [
            Required(asked) if isinstance(one, Required) else one for one in field.validators
        ]
        field.flags.maxlength = None  # the sentence beneath would be in another language
        if f"{prefix}.{field.name}" in words:
            field.label.text = words[f"{prefix}.{field.name}"]
        if isinstance(field, YesNoField):
            field.choices = [("ja", words["choose.yes"]), ("nee", words["choose.no"])]
        elif isinstance(field, RadioField):
            values = RequestKind if field.name == "kind" else reversed(Feedback)
            field.choices = [(one, words[f"{prefix}.{one}"]) for one in values]
    return form
