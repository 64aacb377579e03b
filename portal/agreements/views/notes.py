"""Notes HSV's people keep at an agreement; no partner ever reads them."""

from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.agreements import listing, notices
from portal.agreements.forms.steps import NoteForm
from portal.agreements.models import Agreement, InternalNote
from portal.agreements.views import blueprint
from portal.core import audit, clock, guard, once
from portal.core.db import db
from portal.core.permissions import Permission


def notes(agreement: Agreement) -> list[dict[str, Any]]:
    """Return the notes as they are shown, the latest first."""
    rows = db.session.scalars(
        select(InternalNote)
        .where(InternalNote.agreement_id == agreement.id)
        .order_by(InternalNote.id.desc())
    ).all()
    names = notices.names_of(row.account_id for row in rows)
    return [{"at": r.at, "who": names.get(r.account_id, ""), "text": r.text} for r in rows]


@blueprint.post("/overeenkomsten/<reference>/notities")
@guard.requires(Permission.AGREEMENT_MANAGE)
def note(reference: str) -> Response:
    """Keep a note that only HSV reads."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    form = NoteForm()
    path = url_for("agreements.show", reference=reference, _anchor="notities")
    if not form.validate():
        for field_errors in form.errors.values():
            flash(" ".join(str(one) for one in field_errors), "error")
        return redirect(path, 303)
    if not once.redeem(
        form.once.data, f"agreements.note {reference}", request.form, account_id=actor.account_id
    ):
        added = InternalNote(
            agreement_id=agreement.id,
            text=form.text.data,
            account_id=actor.account_id,
            at=clock.now(),
        )
        db.session.add(added)
        audit.record("agreement_internal_note:add", added, actor=actor)
        once.finish(str(form.once.data), path)
        db.session.commit()
    return redirect(path, 303)
