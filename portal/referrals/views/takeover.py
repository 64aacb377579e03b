"""Taking over a branch's own list: the example, the upload, the preview, the yes."""

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import downloads
from portal.core.attempts import attempt, press
from portal.core.db import db
from portal.core.export import XLSX
from portal.core.forms import BaseForm
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals.forms.takeover import ListForm, TakeOverForm
from portal.referrals.takeover import pending, preview, taking, template
from portal.referrals.takeover.columns import COLUMNS
from portal.referrals.takeover.families import Problem
from portal.referrals.views import blueprint

ON_A_PAGE = 50


@blueprint.app_template_filter("problem")
def _in_words(problem: Problem) -> str:
    """Return what is wrong in a cell; plain text, so that a page escapes what was typed in it."""
    return gettext(problem.message, **problem.values)


@blueprint.route("/overnemen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def take_over() -> str | Response:
    """Take a list and go to its preview; nothing of it is kept but sealed."""
    form = ListForm()
    if request.method == "POST" and form.validate():
        data = form.file.data.stream.read()
        if waiting := attempt(form, lambda: pending.upload(actor(), data)):
            return redirect(url_for("referrals.pending_list", list_id=waiting.id), 303)
    return render_template("referrals/take_over.html", form=form, columns=COLUMNS)


@blueprint.get("/overnemen/voorbeeld")
@requires(Permission.REFERRAL_HANDLE)
def takeover_template() -> FlaskResponse:
    """Send the example file."""
    return downloads.attachment(template.build(), template.FILENAME, XLSX)


@blueprint.route("/overnemen/<int:list_id>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def pending_list(list_id: int) -> str | Response:
    """Show what a list would make and what is wrong in it; make it when she says yes.

    The key is looked at before the list: who sends the form again finds it gone.
    """
    form = TakeOverForm()
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"take over {list_id}",
            url_for("referrals.index"),
            lambda: _take(list_id, form),
            gettext("De gezinnen zijn overgenomen. Verwijder nu het bestand op je computer."),
        )
        if done:
            return done
    waiting = pending.find(actor(), list_id)
    found = preview.of(actor(), pending.opened(actor(), waiting))
    db.session.commit()  # no access event, no page
    begin = max(request.args.get("vanaf", 0, type=int), 0)
    return render_template(
        "referrals/pending_list.html",
        form=form,
        waiting=waiting,
        until=waiting.created_at + pending.KEPT,
        found=found,
        begin=begin,
        shown=found.rows[begin : begin + ON_A_PAGE],
        on_a_page=ON_A_PAGE,
    )


@blueprint.post("/overnemen/<int:list_id>/weggooien")
@requires(Permission.REFERRAL_HANDLE)
def discard_list(list_id: int) -> Response:
    """Throw an uploaded list away."""
    waiting = pending.find(actor(), list_id, to_take=True)
    if press(BaseForm(), lambda: pending.discard(actor(), waiting)):
        flash(gettext("De lijst is weggegooid. Er is niets overgenomen."), "success")
    return redirect(url_for("referrals.take_over"))


def _take(list_id: int, form: TakeOverForm) -> None:
    waiting = pending.find(actor(), list_id, to_take=True)
    taking.take_over(actor(), waiting, with_alike=form.with_alike.data)
