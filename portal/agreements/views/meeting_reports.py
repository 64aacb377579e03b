"""Reports of the steering group: read by all parties, written by HSV."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import attachments, listing, meeting_reports, meetings, notices
from portal.agreements.forms.steps import ReportForm
from portal.agreements.meeting_reports import ReportDetails
from portal.agreements.models import Agreement, Meeting, MeetingReport
from portal.agreements.views import blueprint
from portal.core import guard
from portal.core.attempts import attempt
from portal.core.downloads import send
from portal.core.errors import NotFoundError
from portal.core.forms import sent_file
from portal.core.permissions import Permission

Answer = Response | str
_REPORT = "/overeenkomsten/<reference>/overleg/<int:meeting_id>/verslag"


@blueprint.get(_REPORT)
@guard.requires(Permission.AGREEMENT_READ)
def report(reference: str, meeting_id: int) -> str:
    """Show the report of a meeting, and the earlier ones it corrects."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    meeting = meetings.meeting(agreement, meeting_id)
    found = meeting_reports.readable(actor, meeting)
    return render_template(
        "agreements/report.html",
        agreement=agreement,
        meeting=meeting,
        reports=found,
        names=notices.names_of(one.written_by_id for one in found),
    )


@blueprint.route(f"{_REPORT}/schrijven", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def write_report(reference: str, meeting_id: int) -> Answer:
    """Write the report of a meeting, and share it when it is ready."""
    agreement = listing.find(guard.actor(), reference)
    meeting = meetings.meeting(agreement, meeting_id)
    draft = meeting_reports.draft(meeting)
    form = ReportForm(obj=draft) if draft else ReportForm(data={"version": 0})
    sharing = "delen" in request.form
    if form.validate_on_submit() and attempt(
        form, lambda: _keep(agreement, meeting, form, sharing=sharing)
    ):
        said = gettext("Het verslag is gedeeld. Iedereen krijgt bericht.")
        flash(said if sharing else gettext("Bewaard. Alleen jullie zien het."), "success")
        path = url_for("agreements.report", reference=reference, meeting_id=meeting_id)
        return redirect(path, 303)
    return render_template(
        "agreements/write_report.html",
        agreement=agreement,
        meeting=meeting,
        form=form,
        draft=draft,
    )


def _keep(
    agreement: Agreement, meeting: Meeting, form: ReportForm, *, sharing: bool
) -> MeetingReport:
    sent = sent_file(form.file)
    details = ReportDetails(form.present.data or "", form.absent.data or "", form.text.data or "")
    kept = meeting_reports.write(
        guard.actor(),
        meeting,
        details,
        document=attachments.keep(sent[1], sent[0]) if sent else None,
        version=form.version.data or 0,
    )
    if sharing:
        meeting_reports.share(guard.actor(), agreement, kept)
    return kept


@blueprint.get(f"{_REPORT}/<int:number>/document")
@guard.requires(Permission.AGREEMENT_READ)
def report_file(reference: str, meeting_id: int, number: int) -> Response:
    """Send the file of a report."""
    actor = guard.actor()
    meeting = meetings.meeting(listing.find(actor, reference), meeting_id)
    for one in meeting_reports.readable(actor, meeting):
        if one.number == number and one.document is not None:
            return send(one.document)
    raise NotFoundError()
