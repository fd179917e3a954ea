# SPDX-License-Identifier: Apache-2.0
"""The portal is killed after each answer of its storage in turn, started again, and asked the same once more.

The end has to be that of a request that nobody interrupted: one bucket, one key, and no key whose secret nobody knows.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from services.portal.backends.backend import Backend
from services.portal.backends.rgw import RgwBackend
from services.portal.backends.swift import SwiftBackend
from services.portal.config import RgwSettings, SwiftSettings
from tests.faulty_gateway.running import FaultyGateway
from tests.integration.gateway import Gateway
from tests.integration.portal.kill_site import BackEnd, Killer, KillSite, kill_site, soon
from tests.portal import begin_portal, running_portal
from tests.portal_pages import s3_client
from tests.postgresql.service import running_postgresql
from tests.services.portal.issuer import running_issuer
from tests.swift.person import log_in
from tests.swift.service import Swift

pytestmark = pytest.mark.long

MIB = 1024 * 1024
GRACE_S = 3600


class Storage:
    """The real storage behind the portal's proxy: what is in it, and whether a key works."""

    def __init__(self, backend: Backend, opens: Callable[[dict[str, Any]], bool]) -> None:
        self.backend, self.opens = backend, opens


World = tuple[KillSite, Storage]


@pytest.fixture(scope="module", params=["rgw", "swift", "rgw on postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    kind, _on, database = request.param.partition(" on ")
    folder, more = tmp_path_factory.mktemp("kills"), {}
    with ExitStack() as stack:
        if database:
            more = stack.enter_context(running_postgresql(folder)).create("portal")
        make = {"rgw": on_rgw, "swift": on_swift}[kind]
        back_end, storage = make(request)
        stack.callback(storage.backend.close)
        issuer = stack.enter_context(running_issuer())
        yield stack.enter_context(kill_site(folder, issuer, back_end, **more)), storage


def on_rgw(request: pytest.FixtureRequest) -> tuple[BackEnd, Storage]:
    gateway: Gateway = request.getfixturevalue("gateway")
    admin = {**request.getfixturevalue("admin"), "limits": {"max_bytes": 64 * MIB, "max_buckets": 5}}

    def back_end(killer: Killer, stack: ExitStack) -> dict[str, Any]:
        proxy = stack.enter_context(FaultyGateway(gateway.host, gateway.port, killer.fault))
        return {**admin, "endpoint": proxy.url}

    def opens(key: dict[str, Any]) -> bool:
        try:
            s3_client(gateway.url, key["id"], key["secret"]).list_buckets()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidAccessKeyId", error
            return False
        return True

    return back_end, Storage(RgwBackend(RgwSettings.model_validate(admin)), opens)


def on_swift(request: pytest.FixtureRequest) -> tuple[BackEnd, Storage]:
    swift: Swift = request.getfixturevalue("swift")
    account = {**request.getfixturevalue("account"), "limits": {"max_bytes": 64 * MIB, "max_buckets": 5}}

    def back_end(killer: Killer, stack: ExitStack) -> dict[str, Any]:
        places = {"endpoint": urlsplit(swift.url), "keystone_url": urlsplit(swift.keystone.url)}
        proxies = {
            name: stack.enter_context(FaultyGateway(str(place.hostname), int(place.port or 0), killer.fault)).url
            for name, place in places.items()
        }
        return {**account, **proxies, "public_keystone_url": account["keystone_url"]}

    def opens(key: dict[str, Any]) -> bool:
        try:
            log_in(swift, key["settings"], key["secret"])
        except requests.HTTPError as error:
            assert error.response.status_code == 401, error
            return False
        return True

    return back_end, Storage(SwiftBackend(SwiftSettings.model_validate(account)), opens)


@pytest.fixture
def site(world: World) -> KillSite:
    return world[0]


@pytest.fixture
def storage(world: World) -> Storage:
    return world[1]


def once() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(8)}


def kills(try_one: Callable[[int], bool], least: int) -> None:
    """Kill the portal at each answer in turn, until a request has no more of them."""
    number = 1
    while try_one(number):
        number += 1
    print(f"  killed at {number - 1} answers", flush=True)
    assert number > least, "the test kills nothing"


def test_a_bucket_is_created_once_with_its_quota(site: KillSite, storage: Storage) -> None:
    def try_one(number: int) -> bool:
        project, key = site.project(), once()
        name, path = f"{project}-b", f"/{site.backend}/projects/{project}/buckets"
        asked = {"json": {"name": name, "quota": {"max_bytes": MIB}}, "headers": key}
        killed = site.survives(number, "POST", path, **asked)
        assert site.interruptions(project) == ["bucket.create"] * killed
        for _time in range(2):
            made = site.ask("POST", path, **asked)
            assert made.status_code == 201, f"answer {number}: {made.text}"
            assert (made.json()["name"], made.json()["quota"]["max_bytes"]) == (name, MIB)
        assert made.headers["Idempotency-Replayed"] == "true"
        (bucket,) = site.got(f"{path}?details=true")["items"]
        assert bucket["quota"]["max_bytes"] == MIB and not bucket["restricted"]
        assert storage.backend.bucket_names(project) == [name]
        limits = site.got(f"/{site.backend}/projects/{project}/limits")
        assert (limits["max_bytes"], limits["max_buckets"]) == (64 * MIB, 5)
        return killed

    kills(try_one, 4)


def test_a_bucket_that_was_there_before_is_not_taken_for_the_interrupted_one(site: KillSite) -> None:
    project = site.project()
    name, path = f"{project}-b", f"/{site.backend}/projects/{project}/buckets"
    assert site.ask("POST", path, json={"name": name}).status_code == 201
    asked = {"json": {"name": name, "quota": {"max_bytes": MIB}}, "headers": once()}
    assert site.survives(1, "POST", path, **asked)
    assert site.ask("POST", path, **asked).status_code == 409
    assert site.got(f"{path}/{name}")["quota"]["max_bytes"] is None


def test_who_works_in_the_project_is_told_until_the_change_is_repeated(site: KillSite) -> None:
    project = site.project()
    name, path = f"{project}-b", f"/{site.backend}/projects/{project}/buckets"
    assert site.survives(2, "POST", path, json={"name": name})
    told = "The portal was ended during these changes"
    for page in (f"/web/{site.backend}/{project}", f"/web/{site.backend}/{project}/keys"):
        seen = site.page(page)
        assert told in seen and "bucket.create" in seen and name in seen, seen
    other = site.project()
    assert told not in site.page(f"/web/{site.backend}/{other}")
    if site.ask("POST", path, json={"name": name}).status_code == 201:
        assert told not in site.page(f"/web/{site.backend}/{project}")
    log = site.portal.log.read_text()
    assert "The portal was ended during this change" in log and name in log


def has_keys(site: KillSite, storage: Storage, project: str, *wanted: str) -> bool:
    """Whether the portal lists these keys, and the storage has them and no others."""
    listed = [one["id"] for one in site.got(f"/{site.backend}/projects/{project}/keys")["items"]]
    return listed == sorted(wanted) == storage.backend.key_ids(project)


def test_a_key_is_created_once(site: KillSite, storage: Storage) -> None:
    def try_one(number: int) -> bool:
        project, asked = site.project(), {"json": {"label": "laptop"}, "headers": once()}
        path = f"/{site.backend}/projects/{project}/keys"
        killed = site.survives(number, "POST", path, **asked)
        assert site.interruptions(project) == ["key.create"] * killed
        made = site.ask("POST", path, **asked)
        assert made.status_code == 201, made.text
        if killed:
            assert storage.opens(made.json())
        soon(lambda: has_keys(site, storage, project, made.json()["id"]))
        assert site.ask("POST", path, **asked).json()["id"] == made.json()["id"]
        return killed

    kills(try_one, 3)


@pytest.mark.parametrize("grace_s", [0, GRACE_S])
def test_a_key_is_rotated_once_and_one_that_works_is_known(site: KillSite, storage: Storage, grace_s: int) -> None:
    def try_one(number: int) -> bool:
        project = site.project()
        keys = f"/{site.backend}/projects/{project}/keys"
        old = site.ask("POST", keys, json={}).json()
        path, asked = f"{keys}/{old['id']}/rotate", {"json": {"grace_s": grace_s}, "headers": once()}
        killed = site.survives(number, "POST", path, **asked)
        again = site.ask("POST", path, **asked)
        assert again.status_code == 201, again.text
        new = again.json()
        if again.headers.get("Idempotency-Replayed"):
            # The change was made; its answer was lost, with the secret, and says so.
            assert new["secret"] is None and not (killed and site.interruptions(project))
        else:
            assert storage.opens(new) and site.interruptions(project) == ["key.rotate"]
        soon(lambda: has_keys(site, storage, project, new["id"], *([old["id"]] if grace_s else [])))
        assert storage.opens(old) == bool(grace_s)
        ends = {one["id"]: one["ends_at"] for one in site.got(keys)["items"]}
        assert ends[new["id"]] is None and (not grace_s or ends[old["id"]] > time.time() + GRACE_S / 2)
        return killed

    kills(try_one, 3)


def test_an_answer_that_is_lost_is_there_for_the_repetition(site: KillSite, storage: Storage) -> None:
    project, asked = site.project(), {"json": {"label": "laptop"}, "headers": once()}
    path = f"/{site.backend}/projects/{project}/keys"
    site.kill_at_its_answer("POST", path, **asked)
    assert site.interruptions(project) == []
    again = site.ask("POST", path, **asked)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json()["secret"] is None and has_keys(site, storage, project, again.json()["id"])
    new = site.ask("POST", f"{path}/{again.json()['id']}/rotate", json={"grace_s": 0})
    assert new.status_code == 201 and storage.opens(new.json())


def test_a_request_is_granted_once(site: KillSite) -> None:
    def try_one(number: int) -> bool:
        project = site.project()
        place = f"/{site.backend}/projects/{project}"
        wanted = {"max_bytes": 2 * MIB, "max_buckets": 4}
        asked = site.ask("POST", f"{place}/requests", json={"wanted": wanted, "reason": "why not"}).json()
        path = f"/requests/{asked['id']}/grant"
        killed = site.survives(number, "POST", path, "admin", json={})
        (request,) = site.got(f"/projects/{project}/requests")["items"]
        assert request["state"] == ("open" if killed else "granted")
        assert site.ask("POST", path, "admin", json={}).status_code == (200 if killed else 409)
        limits = site.got(f"{place}/limits")
        assert (limits["max_bytes"], limits["max_buckets"]) == (2 * MIB, 4)
        entries = [one for one in site.got("/audit?limit=9", "uber")["items"] if one["target"] == str(asked["id"])]
        assert [one["status"] for one in entries] == ([200, -1] if killed else [409, 200])
        return killed

    kills(try_one, 3)


def test_a_project_is_deleted_with_all_that_is_known_of_it(site: KillSite, storage: Storage) -> None:
    def try_one(number: int) -> bool:
        project = site.project()
        keys = f"/{site.backend}/projects/{project}/keys"
        key = site.ask("POST", keys, json={}).json()
        killed = site.survives(number, "DELETE", f"/projects/{project}", "uber")
        assert site.ask("DELETE", f"/projects/{project}", "uber").status_code == (200 if killed else 404)
        assert storage.backend.limits(project) is None and not storage.opens(key)
        again = {"name": project, "people": ["ann"]}
        assert site.ask("POST", "/projects", "admin", json=again).status_code == 201
        assert site.got(keys)["items"] == []
        return killed

    kills(try_one, 2)


def test_a_portal_that_is_killed_while_it_makes_its_tables_makes_the_rest(tmp_path: Path) -> None:
    """SQLite keeps each table as soon as it is made."""
    settings = {"roles": {"user": ["users"]}, "backends": {"dummy": {"kind": "dummy"}}}
    with running_issuer() as issuer:
        settings["oidc"] = {"issuer": issuer.url, "audience": "portal"}
        wanted = made_of(tmp_path / "whole", settings)
        seen = set()
        for tables in range(1, len(wanted) + 1):
            folder = tmp_path / str(tables)
            seen.add(killed_at(folder, settings, tables))
            assert made_of(folder, settings) == wanted
    print(f"  killed with tables and versions: {sorted(seen)}", flush=True)
    assert any(0 < tables < len(wanted) or not versions for tables, versions in seen), seen


def tables_in(folder: Path) -> set[str]:
    """The names of the tables in the portal's database, none before there is a database."""
    try:
        with sqlite3.connect(f"file:{folder}/portal.db?mode=ro", uri=True) as database:
            return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.OperationalError:
        return set()


def made_of(folder: Path, settings: dict[str, Any]) -> set[str]:
    """Start a portal, which is ready then; its tables."""
    folder.mkdir(exist_ok=True)
    with running_portal(folder, **settings) as portal:
        assert portal.ask("GET", "/health/ready").json()["database"] == "ok"
    with sqlite3.connect(folder / "portal.db") as database:
        assert database.execute("SELECT count(*) FROM schema_version").fetchall() == [(1,)]
    return tables_in(folder)


def killed_at(folder: Path, settings: dict[str, Any], tables: int) -> tuple[int, int]:
    """Kill a portal as soon as it has made so many tables; how many tables and versions it leaves."""
    folder.mkdir()
    process = begin_portal(folder, **settings).process
    try:
        while len(tables_in(folder)) < tables:
            assert process.poll() is None, (folder / "portal.log").read_text()
    finally:
        process.kill()
        process.wait()
    left = tables_in(folder)
    versions = 0
    if "schema_version" in left:
        with sqlite3.connect(folder / "portal.db") as database:
            ((versions,),) = database.execute("SELECT count(*) FROM schema_version")
    return len(left), versions
