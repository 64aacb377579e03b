"""Dated settings of contracts: the wording of laws, retention terms, who signs after which body."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import contract_fields, dated_texts, notices
from portal.agreements.dated_texts import Setting, Topic
from portal.agreements.forms.settings import WordingForm
from portal.agreements.signing_rules import BRUSSELS, SigningRule, shipped_rules
from portal.agreements.views import blueprint
from portal.core import clock, once
from portal.core.attempts import attempt
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission

Page = str | Response
TITLES = {
    Topic.LAW: N_("Hoe de overeenkomst wetten noemt"),
    Topic.RETENTION: N_("Hoelang gegevens bewaard worden"),
    Topic.SIGNING: N_("Wie ondertekent na welke beslissing"),
}


@blueprint.get("/instellingen/formuleringen")
@requires(Permission.TERMS_MANAGE)
def wordings() -> str:
    """List what contracts say on the day of today, and what they will say later."""
    groups = [
        (gettext(TITLES[topic]), [(_name(one), one) for one in found])
        for topic, found in dated_texts.settings().items()
    ]
    return render_template("agreements/wordings.html", groups=groups, today=clock.today())


@blueprint.route(
    "/instellingen/formuleringen/<any(wetten, bewaartermijnen, ondertekening):topic>/<key>",
    methods=["GET", "POST"],
)
@requires(Permission.TERMS_MANAGE)
def change_wording(topic: str, key: str) -> Page:
    """Record what holds from a day on; what held before stays on the page."""
    found, today = dated_texts.setting(topic, key), clock.today()
    form = WordingForm(data={"text": found.text_on(today), "from_on": today})
    if form.validate_on_submit() and (path := attempt(form, lambda: _record(found, form))):
        return redirect(path)
    return render_template(
        "agreements/change_wording.html",
        form=form,
        found=found,
        name=_name(found),
        title=gettext(TITLES[found.topic]),
        in_lines=found.topic == Topic.SIGNING,
        people=notices.names_of(row.recorded_by_id for row in found.recorded),
    )


def _record(found: Setting, form: WordingForm) -> str:
    who = actor()
    purpose = f"wording {found.topic} {found.key}"
    earlier = once.redeem(form.once.data, purpose, request.form, account_id=who.account_id)
    if earlier:
        return earlier
    assert form.from_on.data is not None
    text, source = form.text.data or "", form.source.data or ""
    dated_texts.record(who, found, text, source, form.from_on.data)
    path = url_for("agreements.wordings")
    once.finish(str(form.once.data), path)
    flash(gettext("De nieuwe tekst is bewaard."), "success")
    return path


def _name(found: Setting) -> str:
    """Return what a setting is called on screen."""
    if found.topic == Topic.LAW:
        meanings = {one.name: one.meaning for one in contract_fields.FIELDS}
        return gettext(meanings[f"recht.{found.key}"])
    if found.topic == Topic.RETENTION:
        return found.meaning
    return _rule_name(next(rule for rule in shipped_rules() if rule.key == found.key))


def _rule_name(rule: SigningRule) -> str:
    kind, body = gettext(rule.kind.label), gettext(rule.body.label)
    if rule.region == BRUSSELS:
        return gettext("%(kind)s in Brussel: %(body)s", kind=kind, body=body)
    return gettext("%(kind)s: %(body)s", kind=kind, body=body)
