"""Postgres: the pool, named SQL, migrations, the embedded server."""
