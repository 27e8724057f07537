"""The application as WSGI servers want it; see docs/adr/0005-server.md."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

# The web server's processes listen for a stop once this is loaded. Until then they have their parent's handler, which
# does nothing in them: told to stop meanwhile they would go on, and be killed after seconds.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from newsannot.core.places import end_waiting_on_signals, working

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
# A request waits for the database nine times for a mark and needs the interpreter again after each; with the default of
# 5 ms, a thread that computes makes it wait that long every time.
sys.setswitchinterval(0.0005)
_django = get_wsgi_application()
end_waiting_on_signals()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer in a place. What is whole leaves as a list: that the server sends at once, all else piece by piece."""
    with working():
        response: Any = _django(environ, start_response)
        if response.streaming:
            return response  # type: ignore[no-any-return]
        try:
            return [response.content]
        finally:
            response.close()


# All that every view needs is loaded now and stays. Looking through it for garbage every few hundred marks would stop
# everybody for a tenth of a second.
get_resolver().check()
gc.collect()
gc.freeze()
