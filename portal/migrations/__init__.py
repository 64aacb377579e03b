"""The schema, step by step, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from portal.core.db import db

HERE = Path(__file__).resolve().parent


def config() -> Config:
    """Return Alembic's configuration for the database of the app in context."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(revision: str = "head") -> None:
    """Bring the database of the app in context up to a revision."""
    _run(command.upgrade, revision)


def downgrade(revision: str) -> None:
    """Bring it back to an earlier revision (`base`: empty)."""
    _run(command.downgrade, revision)


def generate(message: str, number: str) -> None:
    """Write the revision that brings head to today's models; read it before committing it."""
    settings = config()
    with db.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.revision(settings, message, autogenerate=True, rev_id=number)


def _run(step: object, revision: str) -> None:
    settings = config()
    with db.engine.begin() as connection:
        settings.attributes["connection"] = connection
        step(settings, revision)  # type: ignore[operator]
