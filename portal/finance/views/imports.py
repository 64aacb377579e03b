"""Bookings from a file: chosen, looked at row by row, then booked in one go."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.core import guard, once
from portal.core.attempts import attempt, succeeds
from portal.core.forms import need_file
from portal.core.permissions import Permission
from portal.finance import budget_booking, budget_import, budget_notices, budget_opening
from portal.finance.forms.bookings import BookImportForm, ImportForm
from portal.finance.models import BookingKind, Budget, YearStatus
from portal.finance.views import blueprint

Answer = str | Response
_YEAR = "/begrotingen/<reference>/<int:year>"


@blueprint.route(f"{_YEAR}/invoer", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def import_bookings(reference: str, year: int) -> Answer:
    """Read a file of bookings; nothing is booked yet."""
    budget = budget_opening.find(guard.actor(), reference, year)
    form = ImportForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _read(budget, form))):
        return redirect(path, 303)
    return render_template(
        "finance/import_bookings.html",
        budget=budget,
        agreement=budget.agreement,
        form=form,
        lines=budget_booking.lines_for(budget, BookingKind.ACTUAL),
        open=budget.status == YearStatus.OPEN,
    )


def _read(budget: Budget, form: ImportForm) -> str:
    actor = guard.actor()
    purpose = f"finance.import_bookings {budget.id}"
    earlier = once.redeem(form.once.data, purpose, request.form, account_id=actor.account_id)
    if earlier:
        return earlier
    name, data = need_file(form.file)
    made = budget_import.read_file(budget, data, name, actor)
    path = f"{budget_notices.path_of(budget)}/invoer/{made.id}"
    once.finish(str(form.once.data), path)
    return path


@blueprint.route(f"{_YEAR}/invoer/<int:import_id>", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def book_import(reference: str, year: int, import_id: int) -> Answer:
    """Show what was read, with what is wrong per row, and book it."""
    actor = guard.actor()
    budget = budget_opening.find(actor, reference, year)
    found = budget_import.find(budget, import_id)
    form = BookImportForm()
    booked: list[int] = []

    def work() -> None:
        wanted = bool(form.duplicates.data)
        booked.append(budget_import.book_all(budget, found, actor, duplicates=wanted))

    if form.validate_on_submit() and succeeds(form, work):
        flash(ngettext("%(num)d rij geboekt.", "%(num)d rijen geboekt.", booked[0]), "success")
        return redirect(url_for("finance.bookings", reference=reference, year=year), 303)
    shown = budget_import.preview(budget, found) if found.booked_at is None else []
    return render_template(
        "finance/book_import.html",
        budget=budget,
        agreement=budget.agreement,
        found=found,
        form=form,
        shown=shown,
        wrong=sum(1 for one in shown if one.problems),
        duplicates=sum(1 for one in shown if one.duplicate),
        total=sum(one.entry.cents for one in shown if one.entry and not one.duplicate),
    )
