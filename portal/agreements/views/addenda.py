"""The addenda of an agreement: listed, read, downloaded and compared by all its parties."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.agreements import (
    addenda,
    addendum_present,
    addendum_talk,
    contract_text,
    in_force,
    listing,
    notices,
    present,
    present_money,
)
from portal.agreements.addendum_states import workflow
from portal.agreements.forms.addenda import RemarkForm
from portal.agreements.models import Addendum, AddendumVersion, Agreement, FileKind
from portal.agreements.terms import Terms
from portal.agreements.views import blueprint
from portal.core import guard
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission
from portal.core.rendering import redline_docx

LIST = "/overeenkomsten/<reference>/addenda"
ADDENDUM = f"{LIST}/<int:number>"
KINDS = {
    ("addendum", "word"): FileKind.WORD,
    ("addendum", "pdf"): FileKind.PDF,
    ("tekst", "word"): FileKind.TEXT_WORD,
    ("tekst", "pdf"): FileKind.TEXT_PDF,
}
FILE = "<any(addendum, tekst):what>/<any(word, pdf):form>"


@blueprint.get(LIST)
@guard.requires(Permission.AGREEMENT_READ)
def addenda_list(reference: str) -> str:
    """Show every addendum of an agreement: from when, what changed, where it stands."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    found = addenda.readable(actor, agreement)
    return render_template(
        "agreements/addenda_list.html",
        agreement=agreement,
        lines=addendum_present.lines(agreement, found),
        may_open=addenda.may_open(actor, agreement),
    )


@blueprint.get(ADDENDUM)
@guard.requires(Permission.AGREEMENT_READ)
def addendum(reference: str, number: int) -> str:
    """Show an addendum: what changes, what everybody said, and what one may do."""
    return page(*find(reference, number))


def page(agreement: Agreement, found: Addendum, form: RemarkForm | None = None) -> str:
    """Return the page of an addendum; `form`: a remark that was refused."""
    actor, version = guard.actor(), _version(found)
    before, _document = addendum_talk.read(version, FileKind.BEFORE_WORD)
    after, _document = addendum_talk.read(version, FileKind.TEXT_WORD)
    newest = version is found.latest
    may = {row.action for row in workflow.allowed(found, actor)} if newest else set()
    if actor.organisation_id in addendum_talk.accepted(version):
        may.discard("accept")
    names = present.organisation_names(agreement)
    people = notices.names_of([*(a.account_id for a in version.answers), version.proposed_by_id])
    return render_template(
        "agreements/addendum.html",
        agreement=agreement,
        addendum=found,
        version=version,
        newest=newest,
        badge=addendum_present.badge(found),
        expectation=addendum_present.expectation(found, actor),
        articles=addendum_present.articles(version),
        changed=addendum_present.compared(_base(found, version), version.terms),
        changes=addendum_present.passages(before, after),
        standings=addendum_present.standings(found, actor),
        signings=addendum_present.signings(found),
        timeline=addendum_present.timeline(found, actor),
        names=names,
        people=people,
        may=may,
        form=form or RemarkForm(data={"edition": version.number}),
        inside=actor.can(Permission.AGREEMENT_MANAGE),
        money=present_money.table(version.terms),
    )


@blueprint.get(f"{ADDENDUM}/{FILE}")
@guard.requires(Permission.AGREEMENT_READ)
def addendum_file(reference: str, number: int, what: str, form: str) -> Response:
    """Send an addendum or the consolidated text, exactly as it was kept."""
    _agreement, found = find(reference, number)
    data, document = addendum_talk.read(_version(found), KINDS[what, form])
    return attachment(data, document.filename or "document", document.media_type)


@blueprint.get(f"{ADDENDUM}/verschillen")
@guard.requires(Permission.AGREEMENT_READ)
def addendum_differences(reference: str, number: int) -> Response:
    """Send the text it changes with the changes as tracked changes, in Word."""
    agreement, found = find(reference, number)
    version = _version(found)
    before, _document = addendum_talk.read(version, FileKind.BEFORE_WORD)
    after, _document = addendum_talk.read(version, FileKind.TEXT_WORD)
    data = redline_docx(before, after, "Home-Start Vlaanderen", version.proposed_at)
    name = f"{agreement.reference} wijzigingen addendum {number}.docx"
    return attachment(data, name, addendum_talk.WORD)


@blueprint.get(f"{ADDENDUM}/tekst")
@guard.requires(Permission.AGREEMENT_READ)
def consolidated(reference: str, number: int) -> str:
    """Show the consolidated text, article by article."""
    agreement, found = find(reference, number)
    docx, _document = addendum_talk.read(_version(found), FileKind.TEXT_WORD)
    return render_template(
        "agreements/consolidated.html",
        agreement=agreement,
        addendum=found,
        badge=addendum_present.badge(found),
        sections=contract_text.sections(docx),
    )


def find(reference: str, number: int) -> tuple[Agreement, Addendum]:
    """Return an addendum this person may see. Raises NotFoundError."""
    agreement = listing.find(guard.actor(), reference)
    return agreement, addenda.find(guard.actor(), agreement, number)


def _version(found: Addendum) -> AddendumVersion:
    """Return the version asked for; by default the newest. Raises NotFoundError."""
    wanted = request.args.get("versie", addendum_talk.latest(found).number, int)
    for one in found.versions:
        if one.number == wanted:
            return one
    raise NotFoundError()


def _base(found: Addendum, version: AddendumVersion) -> Terms:
    """Return the terms a version changes: those that all signed before it."""
    layers = in_force.layers(found.agreement)
    earlier = [one for one in layers if one.number is None or one.number < (found.number or 0)]
    return earlier[-1].terms if earlier else version.terms
