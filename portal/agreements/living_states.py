"""The transitions of an agreement in force; part of the one table in `states`."""

from portal.agreements.models import Status
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Transition

_MANAGE = Permission.AGREEMENT_MANAGE
_CONTINUE = Permission.AGREEMENT_CONTINUE
_ACTIVE = (Status.ACTIVE,)
_ALL = ("hsv", "partners")

TRANSITIONS = (
    Transition(
        "assign", _ACTIVE, None, _MANAGE,
        N_("Dossierbeheerder kiezen"), N_("Dossierbeheerder gekozen"),
    ),
    Transition(
        "ask_renewal", _ACTIVE, None, _MANAGE,
        N_("Verlenging vragen"), N_("Gevraagd of alle partijen verder gaan"), tells=_ALL,
    ),
    Transition(
        "answer_renewal", _ACTIVE, None, _CONTINUE,
        N_("Verder gaan"), N_("Wil verder gaan"), tells=_ALL, tone="primary",
    ),
    Transition(
        "refuse_renewal", _ACTIVE, None, _CONTINUE,
        N_("Niet verder gaan"), N_("Gaat niet verder na de einddatum"), tells=_ALL,
    ),
    Transition(
        "renew", _ACTIVE, None, _MANAGE,
        N_("Stilzwijgend verlengen"), N_("Stilzwijgend verlengd"), tells=_ALL,
    ),
    Transition(
        "amend", _ACTIVE, None, _MANAGE,
        N_("Wijzigen met een addendum"), N_("Gewijzigd met een addendum"),
    ),
    Transition(
        "give_notice", _ACTIVE, None, _CONTINUE,
        N_("Opzeggen"), N_("Opgezegd"), tells=_ALL, tone="danger",
    ),
    Transition(
        "withdraw_notice", _ACTIVE, None, _MANAGE,
        N_("Opzegging intrekken"), N_("Opzegging ingetrokken"), tells=_ALL,
    ),
    Transition(
        "end", _ACTIVE, Status.ENDED, _MANAGE,
        N_("Laten aflopen"), N_("Afgelopen"), tells=_ALL,
    ),
    Transition(
        "terminate", _ACTIVE, Status.TERMINATED, _MANAGE,
        N_("Beëindigen na opzegging"), N_("Beëindigd na opzegging"), tells=_ALL,
    ),
)  # fmt: skip
