# SPDX-License-Identifier: Apache-2.0
"""The portal on PostgreSQL: what happens to requests when the server goes, and to tables and secrets.

With RGWKIT_PORTAL_DATABASE=postgresql, all other tests here run on PostgreSQL, too.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from services.portal.readiness import KEPT_S
from tests.environments import python_of
from tests.playbooks import PROJECT, free_port
from tests.portal import RunningPortal, running_portal
from tests.postgresql.service import PostgreSQL, running_postgresql
from tests.services.portal.conftest import PROXY_SECRET, People, settings
from tests.services.portal.issuer import CLIENT_ID, Issuer
from tests.services.portal.test_rest import ok, problem
from tests.services.portal.test_web import FromAddress

PERSON = {"X-Portal-Proxy-Secret": PROXY_SECRET, "X-Forwarded-User": "ann", "X-Forwarded-Groups": "users"}
KEYS = "/v1/dummy/projects/kept/keys"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with running_postgresql(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def given(tmp_path: Path, issuer: Issuer) -> Callable[[PostgreSQL, str], dict[str, Any]]:
    """The settings of a portal with pages, on a new database of a server."""

    def given(server: PostgreSQL, name: str) -> dict[str, Any]:
        port = free_port()
        web = {"url": f"http://127.0.0.1:{port}", "client_id": CLIENT_ID}
        backends = {"dummy": {"kind": "dummy"}}
        return settings(tmp_path, issuer, web=web, port=port, backends=backends, **server.create(name))

    return given


def page(portal: RunningPortal) -> requests.Response:
    with requests.Session() as session:
        session.mount("http://", FromAddress("127.0.0.2"))
        return session.get(f"{portal.url}/web", headers=PERSON, timeout=60)


def assert_down(portal: RunningPortal, people: People) -> None:
    """Nothing is done, and everybody is told why."""
    answer = portal.ask("POST", KEYS, people.user, json={})
    assert "database" in problem(answer, 503, "unavailable")["detail"] and answer.headers["retry-after"] == "10"
    shown = page(portal)
    assert shown.status_code == 503 and shown.headers["content-type"].startswith("text/html")
    assert "<h1>Not available at the moment</h1>" in shown.text and "database does not answer" in shown.text
    ready = portal.ask("GET", "/health/ready")
    assert (ready.status_code, ready.json()["database"], ready.json()["backends"]) == (503, "down", {"dummy": "ok"})
    assert portal.ask("GET", "/health/live").status_code == 200
    assert "rgwkit_portal_database_up 0.0" in portal.ask("GET", "/metrics").text


def made_keys(portal: RunningPortal) -> list[str]:
    return list(ok(portal.ask("POST", "/test/keys/kept")))


def test_while_the_server_is_lost_nothing_is_done_and_afterwards_all_goes_on(server, given, tmp_path, people):
    with running_portal(tmp_path, "tests.services.portal.serve", **given(server, "lost")) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "kept", "people": ["ann"]}), 201)
        ok(portal.ask("POST", KEYS, people.user, json={}), 201)
        server.stop()
        try:
            assert_down(portal, people)
            assert len(made_keys(portal)) == 1
        finally:
            server.start()
        ok(portal.ask("POST", KEYS, people.user, json={}), 201)
        assert len(made_keys(portal)) == 2 and page(portal).status_code == 200
        time.sleep(KEPT_S)
        assert portal.ask("GET", "/health/ready").status_code == 200
        assert "Traceback" not in portal.log.read_text()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[PostgreSQL]:
    """A server of the test's own."""
    with running_postgresql(tmp_path) as server:
        yield server


def test_a_server_that_vanishes_from_the_network_keeps_nobody_waiting_for_long(alone, tmp_path, given, people):
    with running_portal(tmp_path, "tests.services.portal.serve", **given(alone, "gone")) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "kept", "people": ["ann"]}), 201)
        ok(portal.ask("POST", KEYS, people.user, json={}), 201)
        alone.vanish()
        began = time.monotonic()
        problem(portal.ask("POST", KEYS, people.user, json={}), 503, "unavailable")
        assert time.monotonic() - began < 20
        assert len(made_keys(portal)) == 1


def test_tables_are_made_once_and_those_of_another_version_left_alone(server, given, tmp_path, people):
    own = given(server, "versions")
    for _start in ("first", "second"):
        with running_portal(tmp_path, **own):
            assert server.sql("versions", "SELECT version FROM schema_version") == "3"
    server.sql("versions", "UPDATE schema_version SET version = 99")
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    before = server.sql("versions", tables)
    command = [python_of("portal"), "-m", "services.portal", str(tmp_path / "portal.json")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "version 99" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert server.sql("versions", tables) == before and "projects" in before


def test_the_password_is_in_its_file_alone(server, given, tmp_path, people):
    secret = server.password_file.read_text().encode()
    with running_portal(tmp_path, **given(server, "secrets")) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "kept"}), 201)
        process = Path("/proc", str(portal.process.pid))
        told = [(process / name).read_bytes() for name in ("cmdline", "environ")]
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("canary-that-is-wrong")
    (tmp_path / "portal.json").write_text(
        (tmp_path / "portal.json").read_text().replace(str(server.password_file), str(wrong))
    )
    command = [python_of("portal"), "-m", "services.portal", str(tmp_path / "portal.json")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=120, check=False)
    assert done.returncode == 2 and b"authentication failed" in done.stderr
    kept = [path.read_bytes() for path in (portal.log, tmp_path / "portal.json")]
    for text in (*told, *kept, done.stdout, done.stderr, server.dump("secrets")):
        assert secret not in text and b"canary-that-is-wrong" not in text
