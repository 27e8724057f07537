"""Journeys and pitfalls in headless Chromium, on pages served from the test database."""
