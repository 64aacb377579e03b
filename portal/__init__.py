"""The portal of Home-Start Vlaanderen vzw."""

from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5

from portal import accounts, agreements, directory, finance, home, referrals
from portal.config import settings
from portal.core import crypto, guard, i18n, views, web
from portal.core.db import db


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """Return the application. Raises SettingError or UnstampedEndpointError when unsafe."""
    app = Flask(__name__, static_folder=None, static_url_path="/static")
    app.config.update(settings())
    app.config.update(overrides or {})
    crypto.configure(app.config["KEYRING"])
    db.init_app(app)
    Bootstrap5(app)
    web.init_app(app)
    accounts.init_app(app)
    i18n.init_app(app)
    guard.init_app(app, load_actor=accounts.load_actor)
    app.register_blueprint(views.blueprint)
    for slice_ in (directory, referrals, agreements, finance, home):
        slice_.init_app(app)
    guard.check_stamped(app)
    return app
