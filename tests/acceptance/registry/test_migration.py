# SPDX-License-Identifier: Apache-2.0
"""From the swift driver to the s3 driver with 1,000 tags, while a client pulls all the while."""

from __future__ import annotations

import pytest

from tests.integration.processes import command_lines

from .image_set import ImageSet, all_faults, reading
from .storage_site import running_site
from .waiting import wait_until

# 10 times 100 tags, on 10 bases of a configuration and two layers each.
IMAGES = ImageSet(repositories=10, tags=100, bases=10)
S3 = {"registry_storage": "s3"}
# How much of the bucket has arrived when the first run is killed.
KEYS_BEFORE_THE_KILL = 300


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("migration")) as site:
        yield site


@pytest.fixture(scope="module")
def images(site):
    """What the registry has; all of it was pushed while it used swift."""
    pushed = IMAGES.push(site.urls[0])
    assert len(pushed) == 1000
    return pushed


def test_the_s3_driver_is_not_let_onto_the_swift_container(site, images):
    started = site.started()
    in_place = {**S3, "registry_s3_bucket": "registry", "registry_s3_options": {"rootdirectory": "/files"}}
    run = site.play("registry", **in_place)
    assert run.code != 0
    assert "bucket registry: 1 fault" in run.output, run.output[-4000:]
    assert "is listed with 0 bytes: its content is in segments of swift" in run.output
    refused = site.play("registry_migrate", **in_place)
    assert refused.code != 0
    assert "the s3 driver would serve empty blobs" in " ".join(refused.output.split())
    assert site.started() == started


def test_a_bucket_that_has_something_else_is_refused(site, images):
    bucket = site.bucket("somebody-elses")
    bucket.make()
    bucket.write("theirs", b"precious")
    started = site.started()
    run = site.play("registry_migrate", **S3, registry_s3_bucket="somebody-elses")
    assert run.code != 0
    assert "bucket somebody-elses: the bucket is not empty, theirs is in it" in " ".join(run.output.split())
    assert site.started() == started
    assert [entry.key for entry in bucket.entries()] == ["theirs"]


def test_killed_in_the_middle_and_run_again_loses_nothing(site, images):
    target = site.bucket("registry-s3")
    with reading(site.urls[0], images) as reader, command_lines() as seen:
        with site.playing("registry_migrate", **S3) as run:
            wait_until(lambda: target.exists() and keys(target) > KEYS_BEFORE_THE_KILL, process=run)
        arrived = keys(target)
        assert site.push_statuses() == [405]
        second = site.play("registry_migrate", "-vvvv", "--diff", **S3)
        assert second.code == 0, second.output[-6000:]
        pulls = reader.pulls
        wait_until(lambda: reader.pulls > pulls)
    # What had arrived was not copied again.
    assert f"compared: {arrived - 1}" in second.output or f'"compared": {arrived - 1}' in second.output
    assert reader.failures == []
    assert reader.pulls > 100
    assert all_faults(site.urls[0], images) == []
    assert site.push_statuses() == [202]
    secret = site.gateway.secret
    assert secret not in second.output
    assert not [line for line in seen if secret.encode() in line]


def test_a_second_run_changes_nothing(site, images):
    for playbook in ("registry_migrate", "registry"):
        again = site.play(playbook, **S3)
        assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_the_container_stays_until_told_otherwise(site, images):
    container = site.bucket("registry")
    assert container.exists()
    removed = site.play("registry_migrate", **S3, registry_migrate_remove_source=True)
    assert removed.code == 0, removed.output[-4000:]
    assert not container.exists()
    assert all_faults(site.urls[0], images) == []
    again = site.play("registry_migrate", **S3, registry_migrate_remove_source=True)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def keys(bucket) -> int:
    return sum(1 for _entry in bucket.entries())
