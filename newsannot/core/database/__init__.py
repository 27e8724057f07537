"""Django's connection to PostgreSQL, made to wait less often."""
