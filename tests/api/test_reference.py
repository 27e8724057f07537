"""The API's description: the file, the page made from it, and that both are of this host alone."""

import re
from pathlib import Path

import yaml
from django.conf import settings
from django.test import Client

from tests.calling import description


def test_the_committed_description_is_what_the_code_says() -> None:
    committed = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text())
    served = Client().get("/api/v1/schema/")
    assert served.status_code == 200
    assert yaml.safe_load(served.content) == committed
    assert committed["openapi"] == "3.1.0"


def test_the_description_comes_as_json_too() -> None:
    response = Client().get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert response.json()["info"]["title"] == "newsannot"


LINKED, AS_LINKED_DATA = "application/ld+json", ("/api/v1/annotations/{public_id}/", "get")


def test_every_operation_describes_its_refusals() -> None:
    for path, methods in description()["paths"].items():
        for method, described in methods.items():
            answers = described["responses"]
            assert (path, method, {"401", "403", "429"} <= set(answers)) == (path, method, True)
            for status, answer in answers.items():
                kinds = set(answer.get("content", {})) - ({LINKED} if (path, method) == AS_LINKED_DATA else set())
                expected = {"application/problem+json"} if status >= "400" else {"application/json"} if kinds else set()
                if (method, status, kinds) == ("get", "200", {"application/octet-stream"}):  # a file, as it is
                    continue
                assert (path, method, status, kinds) == (path, method, status, expected)


def test_the_page_shows_every_operation_and_every_object() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    document = description()
    for methods in document["paths"].values():
        for described in methods.values():
            assert f'id="{described["operationId"]}"' in page
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema:
            assert f'id="object-{name}"' in page


def test_every_link_within_the_page_leads_somewhere() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert set(re.findall(r'href="#([\w-]+)"', page)) - set(re.findall(r' id="([\w-]+)"', page)) == set()


def test_the_page_needs_no_other_host_and_nothing_inline() -> None:
    response = Client().get("/api/v1/docs/")
    page = response.content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", page) == []
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_page_is_only_read() -> None:
    assert Client().post("/api/v1/docs/").status_code == 405
