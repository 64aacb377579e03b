"""Start pages: what waits for whom, and the few pages everybody may read."""

from flask import Flask

from portal.home import digest, nav
from portal.home.views import blueprint
from portal.home.views.demo_mail import demo_mail

__all__ = ["digest", "init_app"]


def init_app(app: Flask) -> None:
    """Register the slice; only the demonstration shows the mails it would send."""
    app.register_blueprint(blueprint)
    app.context_processor(nav.provide)
    if app.config["DEMO"]:
        app.add_url_rule("/demo/mails", "home.demo_mail", demo_mail)
