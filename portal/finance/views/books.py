"""For the accountant: the journal and the documents of a period, and the codes of the accounts."""

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import clock, export, guard
from portal.core.attempts import press
from portal.core.db import db
from portal.core.documents import DamagedDocumentError
from portal.core.downloads import attachment
from portal.core.forms import BaseForm
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.finance import account_codes, journal, keeping, period_archive, periods
from portal.finance.account_codes import ACCOUNTS
from portal.finance.forms.books import CodesForm
from portal.finance.models import Invoice, LedgerEntry
from portal.finance.periods import Period
from portal.finance.views import blueprint

ZIP = "application/zip"


@blueprint.get("/financien/boekhouding")
@guard.requires(Permission.BOOKS_EXPORT)
def books() -> str:
    """Show what a period comes to, whether it balances, and whether it changed since its export."""
    period = _asked()
    found = journal.totals(journal.lines(period.from_on, period.to_on))
    exported = journal.last_export(period.from_on, period.to_on)
    by = accounts.accounts_by_id({exported.account_id} if exported and exported.account_id else [])
    return render_template(
        "finance/books.html",
        period=period,
        choices=periods.choices(_first_day(), clock.today()),
        found=found,
        balances=journal.balances(period.from_on, period.to_on),
        accounts=ACCOUNTS,
        exported=exported,
        exported_by=next((one.name for one in by.values()), ""),
        changed=exported is not None and exported.digest != found.digest,
        keeping=keeping,
    )


def _asked() -> Period:
    """Return the period asked for; the month before this one when none was."""
    today = clock.today()
    month = today.year * 12 + today.month - 2
    usual = periods.read(f"{month // 12}-{month % 12 + 1:02}")
    assert usual is not None
    return periods.read(request.values.get("periode", "")) or usual


def _first_day() -> date:
    """Return the first day on which anything was issued or booked."""
    issued = db.session.scalar(select(func.min(Invoice.issued_on)))
    booked = db.session.scalar(select(func.min(LedgerEntry.booked_on)))
    return min(filter(None, (issued, booked)), default=clock.today())


@blueprint.post("/financien/boekhouding/journaal.<any(csv, xlsx):form>")
@guard.requires(Permission.BOOKS_EXPORT)
def export_journal(form: str) -> Response:
    """Hand over the journal of a period, and note that it was, as it is now."""
    period, actor = _asked(), guard.actor()
    if not press(
        BaseForm(), lambda: journal.note_export(period.from_on, period.to_on, form, actor)
    ):
        return redirect(url_for("finance.books", periode=period.code), 303)
    lines = list(journal.lines(period.from_on, period.to_on))
    name = f"journaal-{period.code}.{form}"
    if form == "csv":
        return attachment(export.csv_lines(journal.COLUMNS, lines), name, export.CSV)
    return attachment(export.xlsx_chunks(journal.COLUMNS, lines), name, export.XLSX)


@blueprint.get("/financien/boekhouding/documenten.zip")
@guard.requires(Permission.BOOKS_EXPORT)
def export_period() -> Response:
    """Send every document of a period in one ZIP, each checked against its hash."""
    period = _asked()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last piece has left
    try:
        period_archive.write(file, period.from_on, period.to_on)
    except DamagedDocumentError as error:
        file.close()
        words = gettext("Een document is beschadigd: %(name)s. Er is niets ingepakt.", name=error)
        flash(words, "error")
        return redirect(url_for("finance.books", periode=period.code))
    file.seek(0)
    return attachment(_pieces(file), f"boekhouding-{period.code}.zip", ZIP)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65_536):
            yield piece


@blueprint.route("/instellingen/rekeningcodes", methods=["GET", "POST"])
@guard.requires(Permission.INVOICING_SETTINGS)
def record_codes() -> str | Response:
    """Show and record the codes of the accounts, from a day on."""
    today = clock.today()
    known: dict[str, Any] = {"from_on": today, **account_codes.on(today)}
    form = CodesForm(data=known)
    if form.validate_on_submit():
        from_on = form.from_on.data
        if from_on is None:
            abort(400)
        codes = {key: form[key].data or "" for key in ACCOUNTS}
        done = keep(
            form,
            "finance.record_codes",
            url_for("finance.record_codes"),
            lambda: account_codes.record(from_on, codes, guard.actor()),
            gettext("De rekeningcodes zijn bewaard."),
        )
        if done:
            return done
    rows = account_codes.history()
    people = accounts.accounts_by_id({row.recorded_by_id for row in rows if row.recorded_by_id})
    names = {one.id: one.name for one in people.values()}
    return render_template(
        "finance/record_codes.html", form=form, accounts=ACCOUNTS, rows=rows, names=names
    )
