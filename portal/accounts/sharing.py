"""Whether colleagues of an organisation see each other's referrals: its own choice."""

from portal.core import audit
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Actor
from portal.directory.models import Organisation


def own_organisation(actor: Actor) -> Organisation:
    """Return the organisation the person works for in this role. Raises NotFoundError."""
    if actor.organisation_id is None:
        raise NotFoundError()
    return db.session.get_one(Organisation, actor.organisation_id)


def set_sharing(organisation: Organisation, shared: bool, actor: Actor) -> bool:
    """Let colleagues see the organisation's referrals, or only one's own. Returns if it changed."""
    if organisation.id != actor.organisation_id:
        raise NotFoundError()
    if organisation.colleagues_see_referrals == shared:
        return False
    organisation.colleagues_see_referrals = shared
    action = "organisation:share" if shared else "organisation:stop_sharing"
    audit.record(action, organisation, actor=actor, fields={"colleagues_see_referrals"})
    db.session.flush()
    return True
