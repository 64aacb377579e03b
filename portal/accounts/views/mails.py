"""How often one wants mail: chosen on a page, stopped by a link in the mail itself."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import mail_choices, throttle
from portal.accounts.forms import ConfirmForm
from portal.accounts.mail_forms import MailForm
from portal.accounts.views import Page, blueprint, committed
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission


@blueprint.route("/account/mails", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def mail_settings() -> Page:
    """Choose between every mail at once, and one mail a day or a week."""
    form = MailForm(obj=mail_choices.of(actor().account_id))
    if form.validate_on_submit():
        mail_choices.choose(actor(), form.chosen())
        flash(gettext("Je keuze is bewaard en geldt meteen."), "success")
        return committed(url_for("accounts.profile"))
    return render_template("accounts/mail_settings.html", form=form)


@blueprint.route("/mails/stoppen/<token>", methods=["GET", "POST"])
@throttle.per_address(throttle.LINK_ADDRESS)
def stop_digest(token: str) -> str | Response | tuple[str, int]:
    """Stop somebody's digests by the link in one; the link alone changes nothing."""
    account_id = mail_choices.account_of(token)
    if account_id is None:
        return render_template("accounts/digest_link_over.html"), 404
    form = ConfirmForm()
    if form.validate_on_submit():
        mail_choices.stop(account_id)
        db.session.commit()
        flash(gettext("Je krijgt geen samenvattingen meer. Mails komen weer meteen."), "success")
        return redirect(url_for("home.start" if g.actor else "security.login"), 303)
    stopped = mail_choices.of(account_id).rhythm == mail_choices.Rhythm.AT_ONCE
    return render_template("accounts/stop_digest.html", form=form, stopped=stopped)
