"""Sessions in the database, as Django keeps them, found with SQL written out: every request asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from newsannot.core.rows import row


class SessionStore(db.SessionStore):
    """A person's session."""

    def _get_session_from_db(self) -> Session | None:
        found = row(Session, "t.session_key = %s AND t.expire_date > now()", [self.session_key])
        if found is None:
            self._session_key = None
        return found
