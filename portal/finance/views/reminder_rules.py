"""When reminders go and what they say: shown, tried out, recorded."""

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import clock, guard
from portal.core.errors import DomainError
from portal.core.forms import show_error
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.finance import reminder_letters, reminder_settings, reminder_texts
from portal.finance.forms.reminders import ReminderSettingsForm
from portal.finance.reminder_texts import FIELDS, STEP_LABELS, STEPS, StepText
from portal.finance.views import blueprint


@blueprint.get("/instellingen/herinneringen")
@guard.requires(Permission.INVOICING_SETTINGS)
def reminder_rules() -> str:
    """Show when reminders go and what they say, now and before."""
    rows = reminder_settings.history()
    known = accounts.accounts_by_id({row.recorded_by_id for row in rows if row.recorded_by_id})
    return render_template(
        "finance/reminder_rules.html",
        now=reminder_settings.in_force(clock.today()),
        rows=rows,
        names={one.id: one.name for one in known.values()},
        labels=STEP_LABELS,
        steps=STEPS,
    )


@blueprint.route("/instellingen/herinneringen/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.INVOICING_SETTINGS)
def record_reminders() -> str | Response:
    """Record when reminders go and what they say from a day on; or only show how they read."""
    form = ReminderSettingsForm.of(reminder_settings.in_force(clock.today()))
    if request.method == "GET":
        form.from_on.data = clock.today()
    previews: list[StepText] = []
    if form.validate_on_submit():
        if "preview" in request.form:
            previews = _previews(form)
        else:
            done = keep(
                form,
                "finance.record_reminders",
                url_for("finance.reminder_rules"),
                lambda: reminder_settings.record(form.rules(), guard.actor()),
                gettext("De herinneringen zijn bewaard."),
            )
            if done:
                return done
    return render_template(
        "finance/record_reminders.html",
        form=form,
        previews=previews,
        labels=STEP_LABELS,
        steps=STEPS,
        fields=FIELDS,
    )


def _previews(form: ReminderSettingsForm) -> list[StepText]:
    """Return how the texts read, about a made-up invoice; nothing when one is not in order."""
    rules = form.rules()
    try:
        reminder_texts.check(rules.texts)
    except DomainError as error:
        show_error(form, error)
        return []
    return [reminder_letters.sample(text, rules.answer_days) for text in rules.texts]
