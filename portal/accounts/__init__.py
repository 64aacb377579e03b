"""Accounts, memberships, sign-in and invitations."""

from flask import Flask
from flask_babel import gettext, lazy_gettext

from portal.accounts import mail_choices, memberships, models, passwords, sign_in
from portal.accounts.roles import label
from portal.accounts.signed_in import load_actor
from portal.accounts.views import blueprint
from portal.core.permissions import Role

__all__ = ["init_app", "load_actor", "mail_choices", "models"]


def init_app(app: Flask) -> None:
    """Install sign-in and the pages about accounts."""
    app.register_blueprint(blueprint)  # first, so that our templates hide the library's
    sign_in.init_app(app)
    app.jinja_env.filters["role"] = _role_name
    app.jinja_env.globals["password_rule"] = lazy_gettext(passwords.RULE)
    app.jinja_env.globals["members_at"] = memberships.members_at


def _role_name(role: Role | None) -> str:
    return gettext(label(role))
