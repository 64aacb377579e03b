"""The main menu: what the role in use can go to. Costs no query."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext

from portal.core import guard
from portal.core.i18n import N_, language
from portal.core.permissions import Permission

_ENTRIES = (
    ("home.start", N_("Start")),
    ("referrals.start", N_("Gezin verwijzen")),
    ("referrals.index", N_("Verwijzingen")),
    ("referrals.waiting", N_("Wachtlijst")),
    ("referrals.trajectories", N_("Trajecten")),
    ("referrals.capacity", N_("Plaatsen")),
    ("referrals.unmet", N_("Onbeantwoorde vraag")),
    ("referrals.texts", N_("Teksten voor gezinnen")),
    ("agreements.index", N_("Overeenkomsten")),
    ("agreements.deadlines", N_("Agenda")),
    ("agreements.material_list", N_("Materialen")),
    ("finance.start", N_("Financiën")),
    ("finance.budgets", N_("Begrotingen")),
    ("agreements.enquiries", N_("Aanvragen")),
    ("agreements.packages", N_("Aanbod")),
    ("agreements.templates", N_("Sjablonen")),
    ("directory.branches", N_("Afdelingen")),
    ("directory.organisations", N_("Organisaties")),
    ("directory.municipalities", N_("Gemeenten")),
    ("accounts.people", N_("Mensen")),
    ("home.deliveries", N_("Verzendingen")),
)

# Pages whose address lies beneath another entry than the one they belong to.
_BELONGS_TO = {
    "referrals.drafts": "referrals.start",
    "referrals.step": "referrals.start",
    "referrals.check": "referrals.start",
    "referrals.discard_draft": "referrals.start",
}


@dataclass(frozen=True)
class Item:
    """One entry of the menu. `active`: the page shown is here, or beneath it."""

    label: str
    url: str
    active: bool
    count: int | None = None


def provide() -> dict[str, Any]:
    """Return the menu for the page being made: empty for who is not signed in."""
    if g.get("actor") is None:
        return {"nav": []}
    owner = _BELONGS_TO.get(request.endpoint or "")
    can, path = g.actor.can, url_for(owner) if owner else request.path
    found = [(label, url) for needs, label, url in _entries() if needs is None or can(needs)]
    here = max((url for _label, url in found if _is_above(url, path)), key=len, default="")
    return {"nav": [Item(label, url, url == here) for label, url in found]}


def _entries() -> list[tuple[Permission | None, str, str]]:
    """Return what each entry needs, its label in the language of the page, and its address.

    Worked out once for each language and path the portal is served under: every page asks.
    """
    known = current_app.extensions.setdefault("home.nav", {})
    key = (request.script_root, language())
    if key not in known:
        app: Any = current_app
        known[key] = [
            (guard.needed(app, endpoint), gettext(label), url_for(endpoint))
            for endpoint, label in _ENTRIES
        ]
    return known[key]


def _is_above(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(f"{url.rstrip('/')}/"))
