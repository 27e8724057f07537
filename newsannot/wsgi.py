"""The application as WSGI servers want it; see docs/adr/0005-server.md."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
# A request waits for the database nine times for a mark and needs the interpreter again after each; with the default of
# 5 ms, a thread that computes makes it wait that long every time.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
# All that every view needs is loaded now and stays. Looking through it for garbage every few hundred marks would stop
# everybody for a tenth of a second.
get_resolver().check()
gc.collect()
gc.freeze()
