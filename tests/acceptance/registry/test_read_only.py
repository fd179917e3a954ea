# SPDX-License-Identifier: Apache-2.0
"""Replicas that are read-only for a play become writable without one, when it has been killed."""

from __future__ import annotations

import os
import time

import pytest

from .image_set import ImageSet, all_faults
from .storage_site import running_site
from .waiting import push_status, wait_until

IMAGES = ImageSet(repositories=2, tags=3, bases=2)
# Of the collecting replica's host, and of the collection; the other replica waits for both and some more.
LEASE_SECONDS, LIMIT_SECONDS = 45, 30
WAITING_SECONDS = LIMIT_SECONDS + 3 * LEASE_SECONDS + 60


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("read-only"), replicas=2) as site:
        yield site


@pytest.fixture(scope="module")
def images(site):
    return IMAGES.push(site.urls[0])


def test_killed_in_the_middle_they_become_writable_by_themselves(site, images):
    short = {"registry_readonly_lease": LEASE_SECONDS, "registry_readonly_limit": LIMIT_SECONDS}
    with site.playing("registry_gc", **short) as run:
        wait_for_the_collection(site, run)
    killed = time.monotonic()
    assert site.push_statuses() == [405, 405]
    for folder in site.folders:
        lease = folder / "lease"
        assert sorted(os.listdir(lease)) == ["guard.py", "lease", "writable.yml"]
        assert oct(lease.stat().st_mode & 0o777) == "0o700"
        seen, wanted = (lease / "writable.yml").stat(), (folder / "config.yml").stat()
        assert (seen.st_mode, seen.st_uid, seen.st_gid) == (wanted.st_mode, wanted.st_uid, wanted.st_gid)
    wait_until(lambda: push_status(site.urls[0]) == 202, LEASE_SECONDS + 60)
    assert time.monotonic() - killed > LEASE_SECONDS / 2
    # No other replica takes a push before a collection would have been over, whoever goes on with it.
    assert push_status(site.urls[1]) == 405
    wait_until(lambda: push_status(site.urls[1]) == 202, WAITING_SECONDS)
    assert time.monotonic() - killed > LIMIT_SECONDS + LEASE_SECONDS
    for folder in site.folders:
        wait_until(lambda folder=folder: not (folder / "lease").exists(), 10)
    started = site.started()
    again = site.play("registry")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "was left read-only" not in words(again)
    assert site.started() == started
    for url in site.urls:
        assert all_faults(url, images) == []


def test_after_an_interrupt_the_next_play_makes_them_writable_at_once_and_says_so(site, images):
    other = {"registry_gc_host": "replica1"}
    with site.playing("registry_gc", interrupt=True, **other) as run:
        wait_for_the_collection(site, run)
    assert site.push_statuses() == [405, 405]
    checked = site.play("registry", "--check", **other)
    assert checked.code == 0 and "would be removed" in words(checked), checked.output[-4000:]
    # The other one may still collect.
    refused = site.play("registry", **other)
    assert refused.code != 0 and "replica1 may still collect the garbage" in words(refused), refused.output[-4000:]
    assert site.push_statuses() == [405, 405]
    assert all((folder / "lease" / "lease").exists() for folder in site.folders)
    for replica, statuses in (("replica1", [405, 202]), ("replica0", [202, 202])):
        run = site.play("registry", "--limit", replica, **other)
        assert run.code == 0, run.output[-4000:]
        assert words(run).count("was left read-only by an interrupted run") == 1
        assert site.push_statuses() == statuses
    assert not any((folder / "lease").exists() for folder in site.folders)
    assert not site.guards()
    again = site.play("registry")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert all_faults(site.urls[0], images) == []


def test_a_registry_that_is_removed_leaves_no_guard(site):
    with site.playing("registry_gc") as run:
        wait_for_the_collection(site, run)
    assert len(site.guards()) == 2
    removed = site.play("registry", registry_state="absent", registry_remove_data=True)
    assert removed.code == 0, removed.output[-4000:]
    assert not site.guards() and not any(folder.exists() for folder in site.folders)


def words(run) -> str:
    return " ".join(run.output.split())


def wait_for_the_collection(site, run) -> None:
    try:
        wait_until(lambda: "registry : Collect the garbage]" in said(site), 400, run)
    except AssertionError as error:
        raise AssertionError(said(site)[-6000:]) from error


def said(site) -> str:
    return (site.folder / "killed.log").read_text()
