"""Files of the bank: uploaded, looked at, taken in, and what each did."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from stdnum import iban
from werkzeug.wrappers import Response

from portal.core import export, guard
from portal.core.attempts import attempt, succeeds
from portal.core.downloads import send
from portal.core.errors import DomainError
from portal.core.forms import BaseForm, need_file
from portal.core.permissions import Permission
from portal.finance import bank_balances, bank_files_list, bank_plan
from portal.finance import bank_files as files
from portal.finance.bank_files_list import LISTING
from portal.finance.bank_plan import Fate
from portal.finance.forms.payments import BankFileForm
from portal.finance.models import BankFile
from portal.finance.views import blueprint

Page = str | Response


@blueprint.route("/betalingen/bankbestanden", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def bank_files() -> Page:
    """Show the files that came in, and take a new one to look at."""
    form = BankFileForm()
    if form.validate_on_submit() and (kept := attempt(form, lambda: _keep(form))):
        return redirect(url_for("finance.bank_file", file_id=kept.id), 303)
    query = bank_files_list.statement()
    if wanted := request.args.get("formaat"):
        rows = LISTING.everything(query, request.args)
        return export.respond(wanted, LISTING.columns, rows, gettext("bankbestanden"))
    known = bank_balances.known_of(bank_plan.own_accounts())
    return render_template(
        "finance/bank_files.html",
        form=form,
        page=LISTING.page(query, request.args, request.path, count=True),
        accounts=[iban.format(one) for one in sorted(bank_plan.own_accounts())],
        written=iban.format,
        newest=bank_balances.newest(known),
        gaps=bank_balances.gaps(known),
    )


def _keep(form: BankFileForm) -> BankFile:
    name, data = need_file(form.file)
    return files.keep(data, name, guard.actor())


@blueprint.route("/betalingen/bankbestanden/<int:file_id>", methods=["GET", "POST"])
@guard.requires(Permission.PAYMENT_MANAGE)
def bank_file(file_id: int) -> Page:
    """Show what a file would do, or did, and take it in."""
    actor, found, form = guard.actor(), files.find(file_id), BaseForm()
    done: list[files.Taken] = []
    if form.validate_on_submit() and succeeds(form, lambda: done.append(files.take(found, actor))):
        flash(_told(done[0]), "success")
        return redirect(url_for("finance.payments", staat="waiting"), 303)
    plan, problem = None, ""
    try:
        plan = files.plan(found)
    except DomainError as error:
        problem = gettext(error.message, **error.values)
    return render_template(
        "finance/bank_file.html",
        file=found,
        form=form,
        plan=plan,
        problem=problem,
        fates=Fate,
        written=iban.format,
    )


def _told(taken: files.Taken) -> str:
    booked = ngettext("%(num)d beweging geboekt", "%(num)d bewegingen geboekt", taken.booked)
    return gettext(
        "%(booked)s, waarvan %(placed)s op een factuur.", booked=booked, placed=taken.placed
    )


@blueprint.get("/betalingen/bankbestanden/<int:file_id>/bestand")
@guard.requires(Permission.PAYMENT_MANAGE)
def bank_file_download(file_id: int) -> Response:
    """Send a file as it came in."""
    return send(files.find(file_id).document)
