"""Anybody may have a document looked at: genuine, altered or unknown."""

from flask import render_template

from portal.accounts import throttle
from portal.agreements import envelope_present, verification
from portal.agreements.forms.signing import PdfForm
from portal.agreements.verification import Finding
from portal.agreements.views import blueprint
from portal.core.attempts import attempt
from portal.core.db import db, reading
from portal.core.errors import DomainError
from portal.core.forms import need_file
from portal.core.signing.checking import EMPTY, NO_PDF

VERIFYING = "60 per hour"


@blueprint.route("/document-nakijken", methods=["GET", "POST"])
@throttle.per_address(VERIFYING)
def verify_document() -> str:
    """Say whether a PDF is genuine. The file is looked at and not kept."""
    form = PdfForm()
    finding = attempt(form, lambda: _looked_at(form)) if form.validate_on_submit() else None
    return render_template(
        "agreements/verify_document.html", form=form, finding=finding, ways=envelope_present.ways()
    )


def _looked_at(form: PdfForm) -> Finding:
    _name, data = need_file(form.file)
    if not data:
        raise DomainError(EMPTY, "file")
    if not data.startswith(b"%PDF-"):
        raise DomainError(NO_PDF, "file")
    db.session.rollback()
    with reading():
        return verification.verify(data)
