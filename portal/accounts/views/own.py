"""One's own account: name, language, e-mail address, sessions, what one's organisation shares."""

from flask import flash, g, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import (
    email_changes,
    mail_choices,
    memberships,
    people,
    sessions,
    sharing,
    throttle,
)
from portal.accounts.forms import ChangeEmailForm, ConfirmForm, ProfileForm, SharingForm
from portal.accounts.views import Page, blueprint, committed
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.guard import actor, requires
from portal.core.permissions import Permission


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def profile() -> Page:
    """Show and change one's own details."""
    who = people.account(actor().account_id)
    form = ProfileForm(name=who.name, locale=who.locale or "nl")
    if form.validate_on_submit():
        people.update_profile(who, name=form.name.data or "", locale=form.locale.data, by=actor())
        db.session.commit()
        cookie["locale"] = who.locale
        flash(gettext("Je gegevens zijn bewaard."), "success")
        return redirect(url_for("accounts.profile"))
    return render_template(
        "accounts/profile.html",
        form=form,
        account=who,
        mail_rhythm=gettext(mail_choices.RHYTHMS[mail_choices.of(who.id).rhythm]),
        memberships=memberships.active_memberships(who.id),
        sessions=sessions.open_sessions(who.id),
        this_session_id=g.sign_in_id,
    )


@blueprint.post("/account/sessies/<int:session_id>/beeindigen")
@requires(Permission.ACCOUNT_OWN)
def end_session(session_id: int) -> Response:
    """Sign out one other browser."""
    if not sessions.end(session_id, by=actor()):
        raise NotFoundError()
    db.session.commit()
    flash(gettext("Dat toestel is uitgelogd."), "success")
    return redirect(url_for("accounts.profile"))


@blueprint.post("/account/overal-uitloggen")
@requires(Permission.ACCOUNT_OWN)
def end_other_sessions() -> Response:
    """Sign out every browser but this one."""
    sessions.end_all(actor().account_id, keep_id=g.sign_in_id, by=actor())
    db.session.commit()
    flash(gettext("Op alle andere toestellen ben je uitgelogd."), "success")
    return redirect(url_for("accounts.profile"))


@blueprint.route("/account/e-mail", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@throttle.per_person(throttle.OWN_PASSWORD)
def change_email() -> Page:
    """Ask for another e-mail address to sign in with."""
    who = people.account(actor().account_id)
    form = ChangeEmailForm()
    if form.validate_on_submit():
        right = people.is_password_of(actor(), form.password.data or "")
        if not right:
            db.session.commit()
            form.password.errors = [gettext("Dit is niet je huidige wachtwoord.")]
        elif succeeds(
            form, lambda: email_changes.request_change(who, form.email.data or "", actor())
        ):
            flash(
                gettext("Kijk in de mailbox van je nieuwe adres en bevestig het binnen 24 uur."),
                "info",
            )
            return redirect(url_for("accounts.profile"))
    return render_template("accounts/change_email.html", form=form, account=who)


@blueprint.route("/account/e-mail/<token>", methods=["GET", "POST"])
@throttle.per_address(throttle.LINK_ADDRESS)
def confirm_email(token: str) -> Page | tuple[str, int]:
    """Confirm a new e-mail address by the link in the mail; the link alone changes nothing."""
    form = ConfirmForm()
    change = email_changes.find_change(token)
    if change is not None and form.validate_on_submit():
        if succeeds(form, lambda: email_changes.confirm(token)):
            flash(gettext("Vanaf nu log je in met je nieuwe e-mailadres."), "success")
            return redirect(url_for("accounts.profile" if g.actor else "security.login"))
        change = None
    if change is None:
        return render_template("accounts/email_link_over.html"), 404
    return render_template("accounts/confirm_email.html", form=form, change=change)


@blueprint.route("/account/collegas", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_SHARING)
def organisation_sharing() -> Page:
    """Choose whether colleagues see each other's referrals."""
    organisation = sharing.own_organisation(actor())
    form = SharingForm(shared=organisation.colleagues_see_referrals)
    if form.validate_on_submit():
        sharing.set_sharing(organisation, form.shared.data, actor())
        flash(gettext("Je keuze is bewaard en geldt meteen."), "success")
        return committed(url_for("accounts.organisation_sharing"))
    return render_template(
        "accounts/organisation_sharing.html", form=form, organisation=organisation
    )
