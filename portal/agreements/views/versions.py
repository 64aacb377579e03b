"""Versions: read on screen, downloaded, and compared."""

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.agreements import (
    comparing,
    contract_text,
    listing,
    notices,
    present,
    proposing,
    versions,
)
from portal.agreements.drafting_checks import LOCKED_ARTICLES
from portal.agreements.models import Agreement, AgreementVersion, VersionComment
from portal.agreements.states import workflow
from portal.agreements.views import blueprint
from portal.core import guard
from portal.core.downloads import attachment
from portal.core.permissions import Permission

_VERSION = "/overeenkomsten/<reference>/versies/<int:number>"


@blueprint.get(_VERSION)
@guard.requires(Permission.AGREEMENT_READ)
def version(reference: str, number: int) -> str:
    """Show the text of a version, article by article, with what was said about each."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    found = versions.numbered(agreement, number)
    docx, _document = proposing.read(found, "docx")
    newest = found is agreement.latest
    return render_template(
        "agreements/version.html",
        agreement=agreement,
        version=found,
        newest=newest,
        sections=contract_text.sections(docx),
        comments=_comments(found),
        people=_names(found),
        names=present.organisation_names(agreement),
        proposer=present.proposer(found, present.organisation_names(agreement)),
        locked=LOCKED_ARTICLES,
        may_comment=newest and workflow.can(agreement, "comment", actor),
        may_answer=workflow.can(agreement, "answer", actor),
        before=next((v for v in agreement.versions if v.number == number - 1), None),
    )


@blueprint.get(f"{_VERSION}/<any(word, pdf):form>")
@guard.requires(Permission.AGREEMENT_READ)
def version_file(reference: str, number: int, form: str) -> Response:
    """Send a version as Word or PDF, exactly as it was kept."""
    found = versions.numbered(listing.find(guard.actor(), reference), number)
    data, document = proposing.read(found, "pdf" if form == "pdf" else "docx")
    return attachment(data, document.filename or "document", document.media_type)


@blueprint.get("/overeenkomsten/<reference>/verschillen")
@guard.requires(Permission.AGREEMENT_READ)
def differences(reference: str) -> str:
    """Show what changed between two versions, in the terms and in the text."""
    agreement = listing.find(guard.actor(), reference)
    old, new = _pair(agreement)
    return render_template(
        "agreements/differences.html",
        agreement=agreement,
        old=old,
        new=new,
        versions=agreement.versions,
        terms=comparing.terms(old.terms, new.terms),
        changes=comparing.text(old, new),
        names=present.organisation_names(agreement),
        proposer=present.proposer,
    )


@blueprint.get("/overeenkomsten/<reference>/verschillen/word")
@guard.requires(Permission.AGREEMENT_READ)
def differences_file(reference: str) -> Response:
    """Send the differences between two versions as Word with tracked changes."""
    agreement = listing.find(guard.actor(), reference)
    old, new = _pair(agreement)
    author = present.proposer(new, present.organisation_names(agreement))
    data = comparing.word(old, new, author)
    name = f"{agreement.reference} verschillen versie {old.number} en {new.number}.docx"
    return attachment(data, name, proposing.WORD)


def _pair(agreement: Agreement) -> tuple[AgreementVersion, AgreementVersion]:
    """Return the two versions asked for; by default the newest and the one before."""
    last = versions.newest(agreement).number
    new = request.args.get("naar", last, int)
    old = request.args.get("van", max(new - 1, 1), int)
    return versions.numbered(agreement, old), versions.numbered(agreement, new)


def _comments(found: AgreementVersion) -> dict[int | None, list[VersionComment]]:
    """Return the comments on a version by article; None for the whole text."""
    by_article: dict[int | None, list[VersionComment]] = {}
    for one in versions.comments_on(found):
        by_article.setdefault(one.article, []).append(one)
    return by_article


def _names(found: AgreementVersion) -> dict[int | None, str]:
    comments = versions.comments_on(found)
    ids: list[Any] = [c.account_id for c in comments] + [c.answered_by_id for c in comments]
    return notices.names_of([*ids, found.proposed_by_id])
