"""The application as WSGI servers want it; see docs/adr/0005-server.md."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
application = get_wsgi_application()
