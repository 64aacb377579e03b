"""Every migration goes up and down with data, and ends at the models."""

from collections.abc import Callable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from portal import migrations
from portal.core.db import db
from portal.demo import families, world


def _schema() -> dict[str, Any]:
    """Return tables, columns, indexes and constraints as the database has them."""
    found = inspect(db.engine)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            sorted(_plain(i) for i in found.get_indexes(table)),
            sorted(str(k["constrained_columns"]) for k in found.get_foreign_keys(table)),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def _plain(index: Any) -> str:
    options = sorted((k, str(v)) for k, v in index.get("dialect_options", {}).items())
    return str((index["name"], index["column_names"], index["unique"], options))


def _rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {t: connection.scalar(text(f"select count(*) from {t}")) or 0 for t in _schema()}


def test_the_models_are_what_the_migrations_make(live_app: Flask) -> None:
    with live_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert differences == []


def test_every_migration_goes_down_and_up_again_with_data_in_it(live_app: Flask) -> None:
    with live_app.app_context():
        world.build()
        db.session.remove()
        assert _rows()["referral"] >= world.REFERRALS
        before = _schema()
        revisions = [
            r.revision for r in ScriptDirectory.from_config(migrations.config()).walk_revisions()
        ]
        for revision in [*revisions[1:], "base"]:
            migrations.downgrade(revision)
        assert _schema() == {}
        for revision in reversed(revisions):
            migrations.upgrade(revision)
        assert _schema() == before


def test_an_empty_portal_holds_nobody_and_an_audit_trail_that_begins(
    make_app: Callable[..., Flask],
) -> None:
    with make_app().app_context():
        assert _rows()["account"] == 0
        assert _rows()["audit_head"] == 1
        db.session.remove()
        db.engine.dispose()


def test_made_up_referrals_have_the_shares_home_start_publishes(live_app: Flask) -> None:
    from portal.referrals.choices import INDICATORS
    from portal.referrals.models import Family

    with live_app.app_context():
        world.build()
        families.make(1500, quiet=True)
        rows = db.session.scalars(db.select(Family)).all()
        for indicator in INDICATORS:
            if indicator.share is None:
                continue
            have = sum(
                indicator.code in (*row.situation["indicators"], *(row.health or []))
                for row in rows
            )
            assert abs(have / len(rows) - indicator.share) < 0.05, indicator.code
        db.session.remove()
