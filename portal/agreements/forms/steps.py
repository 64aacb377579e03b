"""What people fill in beside the terms: comments, reasons, decisions, delegations, meetings."""

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, NumberRange

from portal.agreements.decisions import DecisionDetails
from portal.agreements.terms import DecidingBody
from portal.core.fields import DayField, MomentField, NumberField, RadioField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required, VersionedForm, choices_of
from portal.core.i18n import N_, lazy_gettext

QUALIFICATIONS = {
    "subsidy": N_("Subsidie: HSV neemt zelf het initiatief en de partner steunt het"),
    "service": N_("Dienst: de partner bestelt een opdracht"),
}
SHORT, LONG = 1000, 4000


class ButtonForm(BaseForm):
    """A mere button: the token, and which version it was about."""

    number = wtforms.IntegerField(
        widget=wtforms.widgets.HiddenInput(),
        validators=[Required(lazy_gettext("Open deze pagina opnieuw en probeer nog eens."))],
    )


class CommentForm(OnceForm):
    """A remark on an article, or on the whole text."""

    number = wtforms.IntegerField(widget=wtforms.widgets.HiddenInput(), validators=[Required()])
    article = SelectField(lazy_gettext("Artikel"), coerce=int, blank=lazy_gettext("De hele tekst"))
    text = wtforms.TextAreaField(lazy_gettext("Je opmerking"), [Required(), Length(max=LONG)])


class AnswerForm(BaseForm):
    """HSV's answer to a comment."""

    text = wtforms.TextAreaField(lazy_gettext("Antwoord"), [Required(), Length(max=LONG)])


class HandOverForm(ButtonForm):
    """The comments are complete: HSV's turn."""

    note = wtforms.TextAreaField(lazy_gettext("Een woord erbij"), [Length(max=SHORT)])


class ReasonForm(VersionedForm):
    """A step that asks why."""

    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required(), Length(max=SHORT)])


class AssignForm(VersionedForm):
    """Who of HSV manages the agreement."""

    manager = SelectField(lazy_gettext("Dossierbeheerder"), [Required()], coerce=int)


class QualifyForm(VersionedForm):
    """Subsidy or service, and why."""

    kind = RadioField(
        lazy_gettext("Wat is deze overeenkomst?"), [Required()], choices=choices_of(QUALIFICATIONS)
    )
    reason = wtforms.TextAreaField(lazy_gettext("Waarom?"), [Required(), Length(max=SHORT)])


class NoteForm(OnceForm):
    """A note for HSV alone."""

    text = wtforms.TextAreaField(lazy_gettext("Notitie"), [Required(), Length(max=LONG)])


class UploadForm(ButtonForm):
    """A partner's edited Word."""

    file = wtforms.FileField(lazy_gettext("Jullie Word-bestand (.docx)"))
    note = wtforms.TextAreaField(lazy_gettext("Wat wil je anders?"), [Length(max=SHORT)])


class DecisionForm(VersionedForm):
    """A decision of a body."""

    body = RadioField(lazy_gettext("Welk orgaan besliste?"), [Required()])
    decided_on = DayField(lazy_gettext("Datum van de beslissing"), [Required()])
    title = wtforms.StringField(
        lazy_gettext("Titel van de beslissing"), [Required(), Length(max=300)]
    )
    decision_number = wtforms.StringField(lazy_gettext("Nummer"), [Length(max=60)])
    uri = wtforms.StringField(lazy_gettext("URI van het besluit"), [Length(max=500)])
    page_url = wtforms.StringField(lazy_gettext("Webpagina"), [Length(max=500)])
    file = wtforms.FileField(lazy_gettext("Uittreksel of besluit"))

    def offer(self, bodies: tuple[DecidingBody, ...]) -> None:
        """Set the bodies to choose from."""
        self.body.choices = [(str(one), gettext(one.label).capitalize()) for one in bodies]

    def details(self) -> DecisionDetails:
        """Return what was filled in; only after `validate`."""
        assert self.decided_on.data is not None
        return DecisionDetails(
            body=DecidingBody(self.body.data),
            decided_on=self.decided_on.data,
            title=self.title.data or "",
            number=self.decision_number.data or "",
            uri=self.uri.data or "",
            page_url=self.page_url.data or "",
        )


class DelegationForm(VersionedForm):
    """Who signs in whose place."""

    from_capacity = RadioField(lazy_gettext("In wiens plaats wordt er getekend?"), [Required()])
    to_name = wtforms.StringField(lazy_gettext("Wie tekent"), [Required(), Length(max=120)])
    to_capacity = wtforms.StringField(lazy_gettext("Hoedanigheid"), [Required(), Length(max=120)])
    given_on = DayField(lazy_gettext("Datum van de delegatie"), [Required()])
    note = wtforms.StringField(lazy_gettext("Toelichting"), [Length(max=200)])
    file = wtforms.FileField(lazy_gettext("De delegatie"))


class MeetingForm(OnceForm):
    """A meeting of the steering group."""

    subject = wtforms.StringField(
        lazy_gettext("Onderwerp"),
        [Required(), Length(max=200)],
        default=lazy_gettext("Stuurgroep"),
    )
    starts_at = MomentField(lazy_gettext("Wanneer"), [Required()])
    minutes = NumberField(
        lazy_gettext("Duur (minuten)"), [Required(), NumberRange(15, 600)], default=90
    )
    place = wtforms.StringField(lazy_gettext("Plaats"), [Length(max=200)])
    agenda = wtforms.TextAreaField(lazy_gettext("Agenda"), [Length(max=LONG)])


class ReportForm(VersionedForm):
    """The report of a meeting; the version is that of the draft, 0 for a new one."""

    present = wtforms.TextAreaField(lazy_gettext("Aanwezig"), [Required(), Length(max=SHORT)])
    absent = wtforms.TextAreaField(lazy_gettext("Verontschuldigd"), [Length(max=SHORT)])
    text = wtforms.TextAreaField(lazy_gettext("Verslag"), [Length(max=4 * LONG)])
    file = wtforms.FileField(lazy_gettext("Of het verslag als bestand"))


class TemplateForm(OnceForm):
    """A new Word template."""

    kind = SelectField(lazy_gettext("Waarvoor"), [Required()], blank=lazy_gettext("Kies"))
    file = wtforms.FileField(lazy_gettext("Word-sjabloon (.docx)"))
    note = wtforms.StringField(lazy_gettext("Wat is er anders?"), [Length(max=300)])
