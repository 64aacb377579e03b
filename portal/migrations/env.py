"""How Alembic reaches the database: always the connection it is given."""

from alembic import context

from portal.core import numbering  # noqa: F401 - a model that no page uses yet
from portal.core.db import db

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="portal.core.db.",
)
with context.begin_transaction():
    context.run_migrations()
