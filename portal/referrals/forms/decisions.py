"""What a coordinator can decide: the form of each step, and how the service is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import wtforms

from portal.core import clock
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals import follow
from portal.referrals.forms.decide import (
    AcceptForm,
    AnswerMatchForm,
    DayForm,
    DecisionForm,
    DeclineForm,
    PlanIntakeForm,
    PriorityForm,
    ProposeMatchForm,
    RecordWithdrawalForm,
)
from portal.referrals.forms.half_days import PlanHalfDayForm, start_with
from portal.referrals.forms.trajectory import (
    CompleteForm,
    EndMatchForm,
    FollowUpForm,
    PauseForm,
    ReopenForm,
)
from portal.referrals.models import Referral
from portal.referrals.trajectory import closing, half_days, pauses


@dataclass(frozen=True)
class Decision:
    """One step as a form: its address, what it says it will do, and what it calls.

    `start_with` fills the form in; `hints` stand beneath fields; `shown_if` names the answer that
    makes a field worth showing; `page` is where the step is offered and one goes back to. All
    texts are message ids.
    """

    slug: str
    form: type[DecisionForm]
    will: str
    apply: Callable[[Actor, Referral, Any], object]
    start_with: Callable[[Referral], dict[str, Any]] = lambda _referral: {}
    hints: Mapping[str, str] = field(default_factory=dict)
    shown_if: Mapping[str, str] = field(default_factory=dict)
    page: str = "referrals.show"


def _text(answer: wtforms.Field) -> str:
    return answer.data or ""


def _intake_day(referral: Referral) -> dict[str, Any]:
    planned = referral.intake_at and clock.local(referral.intake_at).date()
    return {"on": planned if planned and planned <= clock.today() else clock.today()}


def _answers(referral: Referral) -> dict[str, Any]:
    match = referral.active_match
    said = {"family": match and match.family_accepted_on}
    said["volunteer"] = match and match.volunteer_accepted_on
    found: dict[str, Any] = {}
    for who, day in said.items():
        found |= {who: "yes" if day else "open", f"{who}_on": day or clock.today()}
    return found


def _agreed(referral: Referral) -> dict[str, Any]:
    match = referral.active_match
    return {} if match is None else start_with(match)


def _at_the_end(referral: Referral) -> dict[str, Any]:
    noted = closing.has_last_evaluation(referral)
    return {
        "last": closing.DONE if noted else None,
        "follow_up_on": closing.usual_follow_up(clock.today()),
    }


def _answer(actor: Actor, referral: Referral, form: AnswerMatchForm) -> None:
    follow.answer_match(
        actor,
        referral,
        form.day_of("family"),
        form.day_of("volunteer"),
        refusal=form.refusal,
        note=_text(form.note),
    )


DECISIONS: Mapping[str, Decision] = {
    "record_contact": Decision(
        "eerste-contact",
        DayForm,
        N_("Je noteert wanneer je het gezin voor het eerst sprak."),
        lambda a, r, f: follow.record_contact(a, r, f.on.data, _text(f.note)),
    ),
    "plan_intake": Decision(
        "intake-plannen",
        PlanIntakeForm,
        N_("De intake komt in je overzicht. Is er al een gepland, dan vervangt deze die."),
        lambda a, r, f: follow.plan_intake(a, r, f.at.data, _text(f.note)),
        start_with=lambda r: {"at": r.intake_at},
    ),
    "accept": Decision(
        "intake-noteren",
        AcceptForm,
        N_("Het gezin is aanvaard en komt op de wachtlijst voor een match."),
        lambda a, r, f: follow.accept(
            a,
            r,
            f.on.data,
            _text(f.note),
            street=_text(f.street),
            priority=f.priority.data,
        ),
        start_with=_intake_day,
        hints={
            "street": N_("Vanaf nu nodig voor de huisbezoeken. De verwijzer ziet dit niet."),
        },
    ),
    "decline": Decision(
        "niet-aanvaarden",
        DeclineForm,
        N_("De verwijzing wordt afgesloten: Home-Start is nu niet het passende antwoord."),
        lambda a, r, f: follow.decline(a, r, f.reason.data, _text(f.advice), _text(f.note)),
    ),
    "set_priority": Decision(
        "volgorde",
        PriorityForm,
        N_("De plaats van het gezin op de wachtlijst verandert. De reden blijft in de tijdlijn."),
        lambda a, r, f: follow.set_priority(a, r, f.priority.data, _text(f.reason)),
        start_with=lambda r: {"priority": r.priority},
    ),
    "record_visit": Decision(
        "kennismaking-aan-huis",
        DayForm,
        N_("Je noteert je kennismakingsbezoek aan huis."),
        lambda a, r, f: follow.record_visit(a, r, f.on.data, _text(f.note)),
    ),
    "propose_match": Decision(
        "match-voorstellen",
        ProposeMatchForm,
        N_("Je stelt een vrijwilliger voor. Gezin en vrijwilliger kiezen elk in alle vrijheid."),
        lambda a, r, f: follow.propose_match(a, r, f.volunteer_name.data, f.on.data, _text(f.note)),
        hints={"volunteer_name": N_("Een voornaam volstaat. De verwijzer ziet dit niet.")},
    ),
    "answer_match": Decision(
        "antwoord-op-match",
        AnswerMatchForm,
        N_(
            "Zeggen beiden ja, dan is er een match. Zegt een van beiden nee, dan stopt dit "
            "voorstel en blijft het gezin op de wachtlijst, op dezelfde plaats."
        ),
        _answer,
        start_with=_answers,
        shown_if={"family_on": "family=yes", "volunteer_on": "volunteer=yes"},
    ),
    "introduce": Decision(
        "kennismaking-met-vrijwilliger",
        DayForm,
        N_("Je noteert de dag waarop gezin en vrijwilliger elkaar ontmoetten."),
        lambda a, r, f: follow.introduce(a, r, f.on.data, _text(f.note)),
    ),
    "start": Decision(
        "traject-starten",
        DayForm,
        N_("Het traject start: de vrijwilliger komt vanaf nu wekelijks langs."),
        lambda a, r, f: follow.start(a, r, f.on.data, _text(f.note)),
    ),
    "plan_half_day": Decision(
        "dagdeel-afspreken",
        PlanHalfDayForm,
        N_("De dag waarop de vrijwilliger gewoonlijk komt. Die dagen staan klaar om in te vullen."),
        lambda a, r, f: half_days.plan(a, r, f.agreed()),
        start_with=_agreed,
        page="referrals.trajectory",
    ),
    "end_match": Decision(
        "match-stoppen",
        EndMatchForm,
        N_("De match stopt en het gezin komt terug op de wachtlijst, met zijn oude wachttijd."),
        lambda a, r, f: follow.end_match(a, r, f.on.data, f.reason.data, _text(f.note)),
    ),
    "pause": Decision(
        "pauze",
        PauseForm,
        N_("De wekelijkse bezoeken pauzeren even. De match blijft, en je krijgt een herinnering."),
        lambda a, r, f: pauses.pause(
            a, r, f.from_on.data, f.restart_on.data, reason=f.reason.data, note=_text(f.note)
        ),
        page="referrals.trajectory",
    ),
    "resume": Decision(
        "herstart",
        DayForm,
        N_("Je noteert vanaf welke dag de vrijwilliger weer kwam."),
        lambda a, r, f: pauses.resume(a, r, f.on.data, _text(f.note)),
        page="referrals.trajectory",
    ),
    "complete": Decision(
        "traject-afronden",
        CompleteForm,
        N_("Het traject wordt afgesloten. Komt er later een nieuwe vraag, dan kan het weer open."),
        lambda a, r, f: closing.complete(a, r, f.closing()),
        start_with=_at_the_end,
        hints={
            "note": N_("Duurde het traject korter dan een jaar? Schrijf dan kort waarom."),
            "follow_up": N_("Je krijgt een herinnering. Het gezin mag dat weigeren."),
        },
        shown_if={"evaluation_on": "last=planned", "follow_up_on": "follow_up=ja"},
    ),
    "record_follow_up": Decision(
        "nazorgcontact",
        FollowUpForm,
        N_("Je noteert hoe het gezin het na het traject stelt."),
        lambda a, r, f: closing.record_follow_up(
            a, r, f.on.data, f.result.data, _text(f.note), again_on=f.again_on.data
        ),
        hints={"again_on": N_("Alleen als je dat met het gezin afsprak.")},
    ),
    "reopen": Decision(
        "heropenen",
        ReopenForm,
        N_("Het gezin komt opnieuw op de wachtlijst. Een nieuwe verwijzing hoeft niet."),
        lambda a, r, f: closing.reopen(a, r, f.agreed_on.data, _text(f.note)),
    ),
    "record_withdrawal": Decision(
        "gezin-stopt",
        RecordWithdrawalForm,
        N_("De verwijzing wordt afgesloten omdat het gezin dat wil. Dat kan altijd."),
        lambda a, r, f: follow.record_withdrawal(a, r, f.on.data, f.reason.data, _text(f.note)),
    ),
}
SLUGS = {decision.slug: action for action, decision in DECISIONS.items()}
