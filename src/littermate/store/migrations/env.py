"""Alembic's entry: run migrations on the connection that `store.migrate` hands over, inside its transaction.

Read by anything but Alembic (a tool that collects doctests), it does nothing.
"""

from alembic import context

if hasattr(context, "config"):
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
    context.run_migrations()
