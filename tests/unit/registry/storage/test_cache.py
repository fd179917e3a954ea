# SPDX-License-Identifier: Apache-2.0
"""Redis forgets what it says of blobs that are not in the bucket, and nothing that is so or is somebody else's."""

from __future__ import annotations

import re

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage import cache as registry_cache
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.cache import RedisCache
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.survey import Survey
from ansible_collections.rgwkit.ceph.plugins.modules import registry_cache as module

HERE, GONE, UNLINKED, ALIAS, FOREIGN = (
    f"{kind}:{number * 64}" for kind, number in zip(("sha256", "sha256", "sha256", "sha512", "sha256"), "abcde")
)


class Redis:
    """A database of redis: sets and hashes by key. Stands for its client and for a pipeline of it alike."""

    def __init__(self, content):
        self.content, self.answers, self.error = content, [], None

    def ping(self):
        if self.error:
            raise self.error

    def pipeline(self, transaction):
        assert not transaction
        return self

    def execute(self):
        answers, self.answers = self.answers, []
        return answers

    def smembers(self, key):
        self.answers.append(self.content.get(key, set()))

    def hget(self, key, field):
        self.answers.append(self.content.get(key, {}).get(field))

    def scan_iter(self, pattern, count):
        return [key for key in self.content if key.startswith(pattern.rstrip("*"))]

    def srem(self, key, member):
        self.content[key].discard(member)

    def delete(self, key):
        self.content.pop(key, None)


@pytest.fixture
def database():
    """What a registry has cached, and somebody else."""
    digests = (HERE, GONE, UNLINKED, ALIAS)
    return {
        "repository::app::blobs": set(digests),
        **{f"repository::app::blobs::{digest}": {"mediatype": "x"} for digest in digests},
        **{f"blobs::{digest}": {"digest": digest} for digest in (HERE, GONE, UNLINKED, FOREIGN)},
        f"blobs::{ALIAS}": {"digest": HERE},
        "repository::other::blobs": {GONE, FOREIGN},
        "session": {"user": "somebody"},
    }


@pytest.fixture
def survey():
    """Links to what is there, to what was collected, and to what is stored by another digest."""
    return Survey({HERE: 1, UNLINKED: 1}, set(), {("app", HERE), ("app", GONE), ("app", ALIAS)})


@pytest.fixture
def cache(database, monkeypatch):
    made = RedisCache("cache.test:6379", shared=True)
    monkeypatch.setattr(made, "_client", Redis(database))
    return made


def test_what_is_not_so_goes_and_all_else_stays(cache, database, survey):
    before = dict(database)
    assert cache.reconcile(survey, dry=False) == 2
    changed = {"repository::app::blobs", f"blobs::{GONE}"}
    changed |= {f"repository::app::blobs::{digest}" for digest in (GONE, UNLINKED)}
    assert {key: value for key, value in database.items() if key not in changed} == {
        key: value for key, value in before.items() if key not in changed
    }
    # The blob that no link of this repository leads to is another one's, too.
    assert changed & set(database) == {"repository::app::blobs"}
    assert database["repository::app::blobs"] == {HERE, ALIAS}
    assert cache.reconcile(survey, dry=False) == 0


def test_what_is_about_to_go_is_forgotten_with_its_other_names(cache, database, survey):
    assert cache.reconcile(survey, dry=False, doomed={HERE}) == 4
    assert database["repository::app::blobs"] == set()
    assert set(database) == {
        "repository::app::blobs",
        "repository::other::blobs",
        "session",
        f"blobs::{UNLINKED}",
        f"blobs::{FOREIGN}",
    }


def test_a_database_of_its_own_has_no_other_blobs(cache, database, survey):
    database["blobs::no-digest"] = "a string"
    cache._shared = False
    # A manifest that was deleted and then collected: no link and no set leads to it.
    assert cache.reconcile(survey, dry=False) == 3
    assert f"blobs::{FOREIGN}" not in database
    assert {"session", "blobs::no-digest", "repository::other::blobs"} < set(database)


def test_a_dry_run_changes_nothing(cache, database, survey):
    before = {key: value.copy() for key, value in database.items()}
    assert cache.reconcile(survey, dry=True) == 2
    assert database == before


def test_a_redis_that_refuses_is_told_with_its_address(cache, survey):
    cache._client.error = registry_cache.redis.AuthenticationError("WRONGPASS invalid username-password pair.")
    with pytest.raises(
        ToolError, match=r"read redis at cache\.test:6379, database 0: WRONGPASS.*pair\. Next: .*password_file"
    ):
        cache.reconcile(survey, dry=False)


@pytest.mark.parametrize(
    "address", ["", "cache.test", "redis://cache.test:6379", ":pw@cache.test:6379", "cache.test:x"]
)
def test_an_address_that_is_none_is_refused_and_not_repeated(address):
    with pytest.raises(ValueError, match=r"is not host:port; give the registry's") as raised:
        RedisCache(address)
    assert not address or address not in str(raised.value)


def test_the_port_of_an_ipv6_address_is_found():
    assert RedisCache("[::1]:6380")._client.connection_pool.connection_kwargs["port"] == 6380


def test_without_the_library_the_remedy_is_said(run_module, monkeypatch):
    monkeypatch.setattr(registry_cache, "HAS_REDIS", False)
    where = {"endpoint": "http://gateway.test", "bucket": "box", "access_key": "a", "secret_key": "canary"}
    result = run_module(module, redis={"address": "cache.test:6379"}, **where)
    assert result["failed"] and re.search(r"the Python package redis is missing.*Next: .*redis", result["msg"])
    assert "canary" not in result["msg"]


def test_the_module_wants_a_redis(run_module):
    where = {"endpoint": "http://gateway.test", "bucket": "box", "access_key": "a", "secret_key": "canary"}
    assert "missing required arguments: redis" in run_module(module, **where)["msg"]
