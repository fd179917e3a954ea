# SPDX-License-Identifier: Apache-2.0
"""What the portal does by itself: it revokes keys whose time is over, and forgets answers of the day before."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import People, Store, settings
from tests.services.portal.issuer import Issuer
from tests.services.portal.test_rest import ok

KEYS = "/v1/dummy/projects/swept/keys"


@pytest.fixture
def portal(tmp_path: Path, issuer: Issuer, people: People):
    own = settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}})
    with running_portal(tmp_path, "tests.services.portal.serve", **own) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "swept", "people": ["ann"]}), 201)
        yield portal


def soon(holds: Callable[[], bool], why: str) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, why
        time.sleep(0.1)


def overdue(portal: RunningPortal) -> int:
    found = re.search(r"^rgwkit_portal_overdue_keys (\S+)$", portal.ask("GET", "/metrics").text, re.MULTILINE)
    assert found
    return int(float(found[1]))


def test_a_key_that_cannot_be_revoked_keeps_no_other_one(portal, people):
    made = [ok(portal.ask("POST", KEYS, people.user, json={}), 201)["id"] for _number in range(2)]
    broken, other = made
    portal.ask("POST", f"/test/break/remove_key/{broken}").raise_for_status()
    for key in made:
        ok(portal.ask("POST", f"{KEYS}/{key}/rotate", people.user, json={"grace_s": 1}), 201)

    def kept() -> list[str]:
        return list(ok(portal.ask("POST", "/test/keys/swept")))

    soon(lambda: other not in kept(), "the other key is still there")
    soon(lambda: overdue(portal) == 1, "the metric does not tell")
    assert broken in kept()
    later = ok(portal.ask("POST", KEYS, people.user, json={}), 201)["id"]
    ok(portal.ask("POST", f"{KEYS}/{later}/rotate", people.user, json={"grace_s": 1}), 201)
    soon(lambda: later not in kept(), "the sweeper has ended")
    log = portal.log.read_text()
    assert f"Key {broken} of project swept is not revoked yet: KeyError" in log and "canary-of-a-key" not in log
    entries = [one for one in ok(portal.ask("GET", "/v1/audit", people.uber))["items"] if one["target"] == broken]
    assert [one["action"] for one in entries] == ["key.end", "key.rotate"], "one entry, however often it is tried"


def test_the_sweeper_outlasts_a_database_that_is_lost(portal, people, store: Store, tmp_path):
    key = ok(portal.ask("POST", KEYS, people.user, json={}), 201)["id"]
    ok(portal.ask("POST", f"{KEYS}/{key}/rotate", people.user, json={"grace_s": 1}), 201)
    store.run(tmp_path, "ALTER TABLE keys RENAME TO lost")
    soon(lambda: "Ended keys are not revoked" in portal.log.read_text(), "nothing is said")
    store.run(tmp_path, "ALTER TABLE lost RENAME TO keys")
    soon(lambda: key not in ok(portal.ask("POST", "/test/keys/swept")), "the sweeper has ended")


def test_answers_of_the_day_before_are_forgotten_without_a_further_request(portal, people, store: Store, tmp_path):
    for name in ("old", "new"):
        ok(portal.ask("POST", KEYS, people.user, json={}, headers={"Idempotency-Key": f"canary-{name}"}), 201)
    store.run(tmp_path, "UPDATE replies SET created_at = created_at - 90000 WHERE key = 'canary-old'")
    soon(lambda: store.value(tmp_path, "SELECT count(*) FROM replies") == "1", "the old answer is still there")
    assert store.value(tmp_path, "SELECT key FROM replies") == "canary-new"
