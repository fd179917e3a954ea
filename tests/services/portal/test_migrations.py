# SPDX-License-Identifier: Apache-2.0
"""Tables of earlier versions, in SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.portal import running_portal
from tests.services.portal.conftest import Store, settings
from tests.services.portal.test_audit import newest
from tests.services.portal.test_requests import WANTED
from tests.services.portal.test_rest import ok

VERSION = "SELECT version FROM schema_version"


@pytest.fixture
def own(tmp_path, issuer) -> dict[str, Any]:
    return settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}})


def reuse_numbers(folder: Path) -> None:
    """Give the requests the table of version 2."""
    with sqlite3.connect(folder / "portal.db") as database:
        texts = [text for (text,) in database.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'requests'")]
        table, indexes = texts[0].replace(" AUTOINCREMENT", ""), texts[1:]
        assert table != texts[0] and len(indexes) == 2
        names = [text.split()[2] for text in indexes]
        script = ["ALTER TABLE requests RENAME TO newer", *(f"DROP INDEX {name}" for name in names), table, *indexes]
        script += [
            "INSERT INTO requests SELECT * FROM newer",
            "DROP TABLE newer",
            "UPDATE schema_version SET version = 2",
        ]
        database.executescript(";\n".join(script))


def test_the_audit_log_of_version_1_gets_its_details(tmp_path, own, people, store: Store):
    with running_portal(tmp_path, **own) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "before"}), 201)
    store.run(tmp_path, "ALTER TABLE journal DROP COLUMN details")
    store.run(tmp_path, "UPDATE schema_version SET version = 1")
    for start in ("first", "second"):
        with running_portal(tmp_path, **own) as portal:
            ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": start}), 201)
            told = newest(portal, people, 3)
            assert told[0]["details"]["name"] == start and told[-1]["details"] == {}
        assert store.value(tmp_path, VERSION).strip() == "3"
    store.run(tmp_path, "UPDATE schema_version SET version = 1")  # killed between the two steps
    with running_portal(tmp_path, **own) as portal:
        assert newest(portal, people, 1)[0]["details"]["name"] == "second"


@pytest.mark.parametrize("is_older", [False, True])
def test_no_request_gets_the_number_of_one_that_is_gone(tmp_path, own, people, store: Store, is_older):
    place = "/v1/dummy/projects/mine/requests"
    with running_portal(tmp_path, **own) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "mine", "people": ["ann"]}), 201)
        before = [ok(portal.ask("POST", place, people.user, json=WANTED), 201) for _number in range(2)]
    if is_older:
        reuse_numbers(tmp_path)
    with running_portal(tmp_path, **own) as portal:
        assert store.value(tmp_path, VERSION).strip() == "3"
        assert ok(portal.ask("GET", "/v1/projects/mine/requests", people.user))["items"] == before[::-1]
        ok(portal.ask("DELETE", "/v1/projects/mine", people.uber))
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "other", "people": ["ann"]}), 201)
        after = ok(portal.ask("POST", place.replace("mine", "other"), people.user, json=WANTED), 201)
        assert after["id"] == before[-1]["id"] + 1
    indexes = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'requests'"
    left = "SELECT count(*) FROM sqlite_master WHERE name = 'requests_before'"
    assert (store.value(tmp_path, indexes), store.value(tmp_path, left)) == ("2", "0")
