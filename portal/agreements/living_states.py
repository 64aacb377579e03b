"""The transitions of an agreement in force; part of the one table in `states`."""

from portal.agreements.models import Status
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Transition

_MANAGE = Permission.AGREEMENT_MANAGE

TRANSITIONS = (
    Transition(
        "assign", (Status.ACTIVE,), None, _MANAGE,
        N_("Dossierbeheerder kiezen"), N_("Dossierbeheerder gekozen"),
    ),
)  # fmt: skip
