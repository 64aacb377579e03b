"""What is booked on a budget: by hand, listed, taken back, with its documents. HSV's pages only."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import export, guard, once
from portal.core.attempts import attempt, press
from portal.core.downloads import send
from portal.core.errors import NotFoundError
from portal.core.forms import BaseForm, need_file, sent_file
from portal.core.kept import keep
from portal.core.money import euro
from portal.core.permissions import Permission
from portal.finance import budget_booking, budget_bookings_list, budget_notices, budget_opening
from portal.finance.budget_booking import Entry
from portal.finance.forms.bookings import AttachForm, BookForm, CounterForm
from portal.finance.models import Booking, BookingKind, Budget, YearStatus
from portal.finance.views import blueprint

Answer = str | Response
_YEAR = "/begrotingen/<reference>/<int:year>"
_BOOKING = f"{_YEAR}/boekingen/<int:booking_id>"


@blueprint.get(f"{_YEAR}/boekingen")
@guard.requires(Permission.BUDGET_MANAGE)
def bookings(reference: str, year: int) -> Answer:
    """List what was booked on a budget."""
    budget = budget_opening.find(guard.actor(), reference, year)
    query = budget_bookings_list.statement(budget)
    listing = budget_bookings_list.listing_for(budget)
    if form := request.args.get("formaat"):
        rows = listing.everything(query, request.args)
        return export.respond(form, listing.columns, rows, f"{gettext('boekingen')}-{year}")
    page = listing.page(query, request.args, request.path, count=True)
    return render_template(
        "finance/bookings.html",
        budget=budget,
        agreement=budget.agreement,
        page=page,
        lines=budget_bookings_list.lines(page.rows),
    )


@blueprint.route(f"{_YEAR}/boeken", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def book_cost(reference: str, year: int) -> Answer:
    """Book a cost or an income."""
    return _book(reference, year, BookingKind.ACTUAL)


@blueprint.route(f"{_YEAR}/vastleggen", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def book_commitment(reference: str, year: int) -> Answer:
    """Commit an amount that is ordered or promised."""
    return _book(reference, year, BookingKind.COMMITMENT)


def _book(reference: str, year: int, kind: BookingKind) -> Answer:
    budget = budget_opening.find(guard.actor(), reference, year)
    form = BookForm(data={"booked_on": budget_booking.day_within(budget)})
    lines = budget_booking.lines_for(budget, kind)
    form.line_id.choices = [(line.id, f"{line.code} {line.label}") for line in lines]
    committed = budget_booking.open_commitments(budget) if kind == BookingKind.ACTUAL else []
    form.pays_id.choices = [
        (one.id, f"{one.line.code} {one.supplier or one.description}: {euro(left)}")
        for one, left in committed
    ]
    if form.validate_on_submit() and (path := attempt(form, lambda: _booked(budget, kind, form))):
        return redirect(path, 303)
    return render_template(
        "finance/book.html",
        budget=budget,
        agreement=budget.agreement,
        form=form,
        kind=kind,
        committed=committed,
        ask_again=bool(form.again.data or form.again.errors),
        open=budget.status == YearStatus.OPEN,
    )


def _booked(budget: Budget, kind: BookingKind, form: BookForm) -> str:
    actor = guard.actor()
    purpose = f"finance.book {kind} {budget.id}"
    earlier = once.redeem(form.once.data, purpose, request.form, account_id=actor.account_id)
    if earlier:
        return earlier
    assert form.booked_on.data is not None
    entry = Entry(
        line_id=int(form.line_id.data),
        kind=kind,
        booked_on=form.booked_on.data,
        cents=form.cents.data,
        supplier=form.supplier.data or "",
        description=form.description.data or "",
        voucher=form.voucher.data or "",
    )
    pays = budget_booking.find(budget, form.pays_id.data) if form.pays_id.data else None
    made = budget_booking.book(
        budget,
        entry,
        actor,
        pays=pays,
        pays_all=bool(form.pays_all.data),
        again=bool(form.again.data),
    )
    if sent := sent_file(form.file):
        budget_booking.attach(made, sent[1], sent[0], actor)
    path = f"{budget_notices.path_of(budget)}/boekingen/{made.id}"
    once.finish(str(form.once.data), path)
    words = gettext("Geboekt: %(amount)s.", amount=euro(made.cents))
    if kind == BookingKind.COMMITMENT:
        words = gettext("Vastgelegd: %(amount)s.", amount=euro(made.cents))
    flash(words, "success")
    return path


@blueprint.get(_BOOKING)
@guard.requires(Permission.BUDGET_MANAGE)
def booking(reference: str, year: int, booking_id: int) -> str:
    """Show a booking, who made it, its documents and what became of it."""
    budget = budget_opening.find(guard.actor(), reference, year)
    found = budget_booking.find(budget, booking_id)
    return render_template("finance/booking.html", **_shown(budget, found))


def _shown(budget: Budget, found: Booking) -> dict[str, Any]:
    commitment = found.kind == BookingKind.COMMITMENT and not budget_booking.is_release(found)
    open_year = budget.status == YearStatus.OPEN
    related = budget_booking.related(found)
    return {
        "budget": budget,
        "agreement": budget.agreement,
        "booking": found,
        "kind": gettext(budget_booking.KIND_LABELS[found.kind]),
        "related": related,
        "names": budget_notices.names_of(
            [found.account_id, *(one.account_id for one in (*related, *found.documents))]
        ),
        "left": budget_booking.open_cents(found) if commitment else None,
        "may_counter": open_year and budget_booking.may_counter(found),
        "open": open_year,
        "attach_form": AttachForm(),
        "form": BaseForm(),
    }


@blueprint.route(f"{_BOOKING}/tegenboeken", methods=["GET", "POST"])
@guard.requires(Permission.BUDGET_MANAGE)
def counter_book(reference: str, year: int, booking_id: int) -> Answer:
    """Take a booking back by one of the opposite amount."""
    budget = budget_opening.find(guard.actor(), reference, year)
    found = budget_booking.find(budget, booking_id)
    form = CounterForm()
    path = f"{budget_notices.path_of(budget)}/boekingen/{found.id}"

    def work() -> None:
        budget_booking.counter_book(budget, found, form.reason.data or "", guard.actor())

    said = gettext("De boeking is tegengeboekt.")
    if form.validate_on_submit() and (done := keep(form, f"counter {path}", path, work, said)):
        return done
    return render_template(
        "finance/counter_book.html",
        budget=budget,
        agreement=budget.agreement,
        booking=found,
        form=form,
    )


@blueprint.post(f"{_BOOKING}/vrijgeven")
@guard.requires(Permission.BUDGET_MANAGE)
def let_go(reference: str, year: int, booking_id: int) -> Response:
    """Release what is left of a commitment that falls away."""
    budget = budget_opening.find(guard.actor(), reference, year)
    found = budget_booking.find(budget, booking_id)
    if press(BaseForm(), lambda: budget_booking.let_go(budget, found, guard.actor())):
        flash(gettext("De rest van de vastlegging is vrijgegeven."), "success")
    return redirect(
        url_for("finance.booking", reference=reference, year=year, booking_id=booking_id), 303
    )


@blueprint.post(f"{_BOOKING}/bewijsstukken")
@guard.requires(Permission.BUDGET_MANAGE)
def attach_document(reference: str, year: int, booking_id: int) -> Answer:
    """Keep a supporting document with a booking."""
    budget = budget_opening.find(guard.actor(), reference, year)
    found = budget_booking.find(budget, booking_id)
    form = AttachForm()
    path = f"{budget_notices.path_of(budget)}/boekingen/{found.id}"

    def work() -> None:
        name, data = need_file(form.file)
        budget_booking.attach(found, data, name, guard.actor())

    said = gettext("Het bewijsstuk is bewaard.")
    if form.validate_on_submit() and (done := keep(form, f"attach {path}", path, work, said)):
        return done
    return render_template("finance/booking.html", **{**_shown(budget, found), "attach_form": form})


@blueprint.get(f"{_BOOKING}/bewijsstukken/<int:document_id>")
@guard.requires(Permission.BUDGET_MANAGE)
def booking_file(reference: str, year: int, booking_id: int, document_id: int) -> Response:
    """Send a supporting document of a booking."""
    budget = budget_opening.find(guard.actor(), reference, year)
    found = budget_booking.find(budget, booking_id)
    for kept in found.documents:
        if kept.document_id == document_id:
            return send(kept.document)
    raise NotFoundError()
