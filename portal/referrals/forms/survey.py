"""The short questions afterwards, for a referrer and for a parent."""

from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.validators import Length

from portal.core.fields import RadioField
from portal.core.forms import BaseForm, Required, choices_of
from portal.referrals.forms.decide import lazy_gettext
from portal.referrals.survey_questions import PARENT_QUESTIONS, REFERRER_QUESTIONS, SCALE, Audience
from portal.referrals.surveys import Said

REMARK_LENGTH = 1000


def _score(text: str) -> Any:
    return RadioField(lazy_gettext(text), [Required()], choices=choices_of(SCALE), coerce=int)


class SurveyForm(BaseForm):
    """What both are asked after their own questions."""

    remark = wtforms.TextAreaField(
        lazy_gettext("Wil je nog iets zeggen?"), [Length(max=REMARK_LENGTH)]
    )
    named = wtforms.BooleanField(
        lazy_gettext("De afdeling mag zien over welk gezin mijn antwoorden gaan")
    )
    asked: tuple[str, ...] = ()

    def said(self) -> Said:
        """Return what was answered, once the form is valid."""
        scores = {code: self[code].data for code in self.asked}
        return Said(scores, self.remark.data or "", self.named.data)


class ReferrerSurveyForm(SurveyForm):
    easy, contact, informed, again = (_score(text) for text in REFERRER_QUESTIONS.values())
    asked = tuple(REFERRER_QUESTIONS)


class ParentSurveyForm(SurveyForm):
    listened, helped, people, again = (_score(text) for text in PARENT_QUESTIONS.values())
    asked = tuple(PARENT_QUESTIONS)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.named.label.text = gettext("Home-Start mag zien dat deze antwoorden van mij zijn")


FORMS = {Audience.REFERRER: ReferrerSurveyForm, Audience.PARENT: ParentSurveyForm}
