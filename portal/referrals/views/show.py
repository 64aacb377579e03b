"""One referral: what its branch sees of it, and what its referrer hears."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Actor, Permission
from portal.referrals import (
    attachments,
    consents,
    duplicates,
    family_requests,
    feedback,
    messages,
    present,
    progress,
    reading,
    routing,
    senders,
    withdrawal,
)
from portal.referrals.forms.decisions import DECISIONS
from portal.referrals.models import OPEN, Referral, Status
from portal.referrals.reference import read
from portal.referrals.states import workflow
from portal.referrals.trajectory import present_matches
from portal.referrals.views import blueprint

# What comes next when all goes well; the other steps stand beneath it.
_NEXT = {
    Status.SUBMITTED: ("plan_intake",),
    Status.INTAKE_PLANNED: ("accept",),
    Status.WAITING: ("answer_match", "propose_match"),
    Status.MATCHED: ("start", "introduce"),
    Status.COMPLETED: ("record_follow_up",),
}


blueprint.add_app_template_filter(present.dialled, "tel")


@blueprint.get("/<reference>")
@requires(Permission.REFERRAL_LIST, logs_access=True)
def show(reference: str) -> str | Response:
    """Show a referral; whoever opens it is noted before anything is shown."""
    if read(reference) != reference:
        found = reading.find(actor(), reference)
        return redirect(url_for("referrals.show", reference=found.reference))
    referral = reading.find(actor(), reference)
    if not reading.shows_family(actor(), referral):
        return render_template(
            "referrals/withdrawn.html", referral=referral, news=feedback.news(referral)
        )
    referral = reading.open_family(actor(), reference)
    handles = actor().can(Permission.REFERRAL_HANDLE)
    page = _for_branch(referral, actor()) if handles else _for_referrer(referral, actor())
    page["messages"], page["unread"] = messages.counts(actor(), referral)
    page["attachments"] = attachments.count(actor(), referral)
    if handles:
        page |= _alike(referral)
    db.session.commit()  # no access event, no page
    return render_template("referrals/show.html", referral=referral, page=page, handles=handles)


def _alike(referral: Referral) -> dict[str, Any]:
    found = duplicates.candidates(referral)
    return {
        "duplicates": duplicates.undecided(found) if referral.status in OPEN else 0,
        "linked": [one for one in found if one.same],
    }


def _for_branch(referral: Referral, who: Actor) -> dict[str, Any]:
    first, others = _steps(referral, who)
    return {
        "badge": progress.badge(referral),
        "waiting": progress.waiting(referral),
        "late": progress.is_late(referral),
        "next_step": progress.next_step(referral),
        "first": first,
        "others": others,
        "family": _family(referral),
        "ending": progress.ending_rows(referral),
        "consent": _consent_rows(referral),
        "referrer": present.referrer_rows(referral),
        "sender": senders.sender(referral),
        "timeline": progress.timeline(referral),
        "plan": withdrawal.plan_of(referral),
        "asked": family_requests.of(referral),
        "request_labels": {kind: gettext(said) for kind, said in family_requests.LABELS.items()},
        "matches": present_matches.shown(referral),
        "may_correct": workflow.can(referral, "correct_contact", who),
    }


def _family(referral: Referral) -> dict[str, Any] | None:
    family = referral.family
    if family is None:
        return None
    return {
        "contact": present.contact(family),
        "household": present.household_rows(family),
        "question": family.situation["question"],
        "strengths": family.situation["strengths"],
        "indicators": present.indicators(family),
        "tasks": present.tasks(family),
        "context": present.context_rows(family),
        "practical": present.practical_rows(family),
        "known_risk": family.practical["known_risk"],
        "referrer_phone": family.situation["phone"],
    }


def _for_referrer(referral: Referral, who: Actor) -> dict[str, Any]:
    family = referral.family
    branch = referral.branch if referral.status == Status.WAITING else None
    written = family and {
        "contact": present.written_contact_rows(family),
        "household": present.household_rows(family),
        "question": family.situation["question"],
        "strengths": family.situation["strengths"],
        "indicators": present.indicators(family),
        "tasks": present.tasks(family),
        "context": present.context_rows(family),
        "practical": present.practical_rows(family),
    }
    leave = next((a for a in ("withdraw", "leave_list") if workflow.can(referral, a, who)), None)
    return {
        "news": feedback.news(referral, routing.usual_wait(branch) if branch else ""),
        "written": written,
        "consent": _consent_rows(referral),
        "sender": senders.sender(referral),
        "leave": leave,
    }


def _consent_rows(referral: Referral) -> list[present.Row]:
    chosen = consents.current(consents.history(referral))
    return present.consent_rows(referral, _recorder(referral), chosen)


def _recorder(referral: Referral) -> str:
    """Return who wrote down the consent; nobody, where a parent gave it herself."""
    by = (referral.consent and referral.consent.recorded_by_id) or referral.sender_id
    return senders.names_of((by,)).get(by, "")


def _steps(referral: Referral, who: Actor) -> tuple[dict[str, str] | None, list[dict[str, str]]]:
    """Return the next step, and the others this person can take now."""
    found = {
        row.action: {
            "label": gettext(row.label),
            "url": url_for("referrals.decide", reference=referral.reference, action=row.action),
            "tone": "danger" if row.tone == "danger" else "secondary",
        }
        for row in workflow.allowed(referral, who)
        if row.action in DECISIONS and DECISIONS[row.action].page == "referrals.show"
    }
    if workflow.can(referral, "transfer", who):
        found["transfer"] = {
            "label": gettext("Overdragen aan een andere afdeling"),
            "url": url_for("referrals.transfer", reference=referral.reference),
            "tone": "secondary",
        }
    wanted = (found.pop(a, None) for a in _NEXT.get(referral.status, ()))
    first = next((step for step in wanted if step), None)
    return (first and {**first, "tone": "primary"}), sorted(
        found.values(), key=lambda step: step["tone"] == "danger"
    )
