"""Messages between referrer and branch, and the notes the branch keeps for itself."""

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import messages as service
from portal.referrals import notes as own_notes
from portal.referrals import reading, senders
from portal.referrals.forms.talk import MessageForm, NoteForm
from portal.referrals.views import blueprint


@blueprint.route("/<reference>/berichten", methods=["GET", "POST"])
@requires(Permission.REFERRAL_LIST, logs_access=True)
def messages(reference: str) -> str | Response:
    """Show what was written about a referral, and write."""
    referral = reading.open_family(actor(), reference, ("messages",))
    form = MessageForm()
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"message {referral.id}",
            url_for("referrals.messages", reference=referral.reference),
            lambda: service.write(actor(), referral, form.text.data or ""),
            gettext("Je bericht is verstuurd."),
        )
        if done:
            return done
        referral = reading.open_family(actor(), reference, ("messages",))
    thread = service.open_thread(actor(), referral)
    db.session.commit()
    handles = actor().can(Permission.REFERRAL_HANDLE)
    return render_template(
        "referrals/messages.html",
        form=form,
        referral=referral,
        thread=thread,
        handles=handles,
        sender=senders.sender(referral),
    )


@blueprint.route("/<reference>/notities", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def notes(reference: str) -> str | Response:
    """Show the notes only the branch reads, and add one."""
    referral = reading.open_family(actor(), reference, ("notes",))
    form = NoteForm()
    if request.method == "POST" and form.validate():
        done = keep(
            form,
            f"note {referral.id}",
            url_for("referrals.notes", reference=referral.reference),
            lambda: own_notes.add(actor(), referral, form.text.data or ""),
            gettext("De notitie is bewaard."),
        )
        if done:
            return done
        referral = reading.open_family(actor(), reference, ("notes",))
    found = own_notes.of(referral)
    db.session.commit()
    return render_template("referrals/notes.html", form=form, referral=referral, notes=found)
