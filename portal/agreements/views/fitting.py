"""Whether a step can still be taken, asked before its page is shown."""

from portal.agreements.models import Agreement
from portal.agreements.states import changes_since, workflow
from portal.core.errors import ConflictError
from portal.core.i18n import N_
from portal.core.permissions import Actor


def must_fit(agreement: Agreement, action: str, actor: Actor) -> None:
    """Raise ConflictError, with what happened, when a step cannot be taken any more."""
    if not workflow.can(agreement, action, actor):
        raise ConflictError(N_("Deze stap kan nu niet meer."), changes_since(agreement, 0))
