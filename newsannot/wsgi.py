"""The application as WSGI servers want it; see docs/adr/0005-server.md."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
# A request waits for the database nine times for a mark and needs the interpreter again after each; with the default of
# 5 ms, a thread that computes makes it wait that long every time.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
