# SPDX-License-Identifier: Apache-2.0
"""Buckets in the demo: the registry's container and bucket are declared by what the inventory says of the registry."""

from __future__ import annotations

import json
import subprocess

import pytest

OWN_RULE = [{"id": "mine", "abort_incomplete_multipart_upload_days": 2}]


def admin(demo, *command: str) -> str:
    arguments = ["docker", "exec", demo.name, "radosgw-admin", *command]
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def owner(demo, bucket: str) -> str:
    return str(json.loads(admin(demo, "bucket", "stats", f"--bucket={bucket}"))["owner"])


def rules(demo, bucket: str) -> str:
    return admin(demo, "lc", "get", f"--bucket={bucket}")


@pytest.fixture
def buckets(demo, play):
    """Runs the playbook, which has to succeed; returns how many tasks changed, and what was printed."""

    def run(*options: str, **variables: object) -> tuple[int, str]:
        done = play("buckets", demo, *options, **variables)
        assert done.code == 0, done.output[-4000:]
        return done.count("changed"), " ".join(done.output.split())

    return run


@pytest.fixture
def on_s3(buckets):
    """The variables of a registry with the s3 driver, whose bucket is removed in the end."""
    yield {"registry_storage": "s3"}
    # A bucket of the s3 driver is guarded as long as the inventory has such a registry.
    buckets(rgw_buckets_list=[{"name": "registry-s3", "state": "absent"}])


def test_the_container_of_the_demo_s_registry_is_declared_before_the_registry(demo_run, demo, buckets):
    before, _task, after = demo_run[1].output.partition("[rgwkit.ceph.registry : Record the differences]")
    assert f"buckets on http://127.0.0.1:{demo.rgw_port}: 1 created" in before and after
    assert owner(demo, "registry") == "registry"
    assert buckets()[0] == 0


def test_nothing_of_the_run_is_left_with_the_owner(demo):
    user = json.loads(admin(demo, "user", "info", "--uid=registry"))
    names = [subuser["id"] for subuser in user["subusers"]] + [key["access_key"] for key in user["keys"]]
    assert names and not [name for name in names if "rgwkit-run-" in name or "RGWKITRUN" in name]


def test_a_bucket_of_the_s3_driver_comes_with_its_rule(demo, buckets, on_s3):
    changed, said = buckets("--check", **on_s3)
    assert changed == 1 and "1 would be created" in said
    assert [buckets(**on_s3)[0], buckets(**on_s3)[0]] == [1, 0]
    assert owner(demo, "registry-s3") == "registry" and '"registry-uploads"' in rules(demo, "registry-s3")


def test_a_lifecycle_of_the_inventory_wins(demo, buckets, on_s3):
    own = {**on_s3, "rgw_buckets_list": [{"name": "registry-s3", "lifecycle": OWN_RULE}]}
    assert [buckets(**own)[0], buckets(**own)[0]] == [1, 0]
    # Once the entry is gone, its rule is somebody's, and stays.
    assert buckets(**on_s3)[0] == 0
    assert '"mine"' in rules(demo, "registry-s3") and "registry-uploads" not in rules(demo, "registry-s3")


def test_the_bucket_of_a_registry_is_not_removed(demo, play, buckets, on_s3):
    buckets(**on_s3)
    run = play("buckets", demo, **on_s3, rgw_buckets_list=[{"name": "registry-s3", "state": "absent"}])
    assert run.code != 0 and "a Docker registry keeps its images in this bucket" in " ".join(run.output.split())
    assert owner(demo, "registry-s3") == "registry"


def test_a_registry_on_swift_does_not_start_on_a_bucket_without_its_images(demo, play, buckets, on_s3):
    buckets(**on_s3)
    registry = f"{demo.name}-registry"
    started = ["docker", "inspect", "--format={{.State.StartedAt}}", registry]
    before = subprocess.check_output(started)
    for options in ((), ("--check",)):
        run = play("demo", demo, *options, **on_s3)
        said = " ".join(run.output.split())
        assert run.code != 0 and f"{registry} keeps its images in the swift container registry" in said, said[-4000:]
        assert "Next: move the images with playbooks/registry_migrate.yml" in said
    assert subprocess.check_output(started) == before


def test_nothing_is_asked_where_nothing_is_declared(buckets):
    changed, said = buckets(rgw_buckets_registries=[], rgw_buckets_secret_key_file="/nowhere")
    assert changed == 0 and "buckets on" not in said and "topics on" not in said
