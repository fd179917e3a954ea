# SPDX-License-Identifier: Apache-2.0
"""The module docker_swift_volume on real daemons with the real driver, and what would be lost or hidden without it."""

from __future__ import annotations

import re

import pytest

from .site import seconds_of

MEBIBYTE = 1 << 20
LATE = 15  # seconds that docker waits for a driver that has gone


@pytest.fixture
def one(site):
    """The first host; no test leaves containers or volumes on any host."""
    yield site.hosts["docker-1"]
    for name, host in site.hosts.items():
        host.tell("sh", "-c", "docker rm --force $(docker ps --all --quiet) 2>/dev/null")
        gone = site.module(name, purge=True)
        assert not gone["failed"], gone
        host.tell("sh", "-c", "docker volume rm $(docker volume ls --quiet) 2>/dev/null")


def volume(name, **options):
    return {"name": name, **options}


def test_create_again_change_check_absent_again(site, one):
    entry = volume("life", uid=33, umask="027")
    planned = site.module("docker-1", entry, check=True)
    assert planned["changed"] and site.swift("HEAD", "life").status_code == 404 and not one.volume("life")
    made = site.module("docker-1", entry)
    assert made["changed"] and made["summary"].endswith("1 created")
    identity = made["volumes"][0]["container_id"]
    assert re.fullmatch("[0-9a-f]{32}", identity)
    found = one.volume("life")
    assert found["Driver"] == "rgwkit" and found["Labels"]["io.rgwkit.container-id"] == identity
    assert found["Options"] == {"remote": "rgw:life", "uid": "33", "umask": "027"}
    headers = site.swift("HEAD", "life").headers
    assert headers["X-Container-Meta-Rgwkit-Volume-Id"] == identity
    assert not site.module("docker-1", entry)["changed"]
    one.run_box("life", "echo kept >/data/file")
    changed = site.module("docker-1", volume("life", uid=34))
    assert changed["changed"] and changed["volumes"][0]["container_id"] == identity
    # The volume is another one, the data are the same, and belong to another user.
    assert one.run_box("life", "stat -c %u /data/file; cat /data/file").split() == ["34", "kept"]
    assert not site.module("docker-1", volume("life", uid=34))["changed"]
    gone = volume("life", state="absent")
    assert site.module("docker-1", gone, check=True)["changed"] and one.volume("life")
    assert [site.module("docker-1", gone)["changed"], site.module("docker-1", gone)["changed"]] == [True, False]
    assert not one.volume("life") and site.objects("life") == {"file": 5}
    assert not [name for name in site.swift("HEAD", "life").headers if "Rgwkit-Writer" in name]


def test_data_are_in_swift_when_the_container_has_ended(site, one):
    site.module("docker-1", volume("ended"))
    one.run_box("ended", "dd if=/dev/zero of=/data/whole bs=1M count=20 2>/dev/null; echo small >/data/small")
    assert site.objects("ended") == {"whole": 20 * MEBIBYTE, "small": 6}


def test_links_are_refused_and_owners_are_not_kept(site, one):
    site.module("docker-1", volume("links"))
    said = one.run_box(
        "links", "touch /data/a; ln -s a /data/b; ln /data/a /data/c; chown 7 /data/a; stat -c %u /data/a"
    )
    assert said.count("/data/b") == 1 and said.count("/data/c") == 1
    assert said.splitlines()[-1] == "0"
    assert site.objects("links") == {"a": 0}


def test_a_local_volume_that_docker_made_is_refused(site, one):
    one.run_box("silent", "echo lost >/data/file")
    assert one.volume("silent")["Driver"] == "local" and not site.objects("silent")
    refused = site.module("docker-1", volume("silent"))
    assert refused["failed"] and "a local volume 'silent' exists at /var/lib/docker/volumes/silent" in refused["msg"]
    assert one.volume("silent") and site.swift("HEAD", "silent").status_code == 404


def test_a_volume_in_use_is_neither_changed_nor_removed(site, one):
    site.module("docker-1", volume("used"))
    one.start_box("user", "used", "sleep 600")
    for entry, verb in ((volume("used", uid=1), "change"), (volume("used", state="absent"), "remove")):
        refused = site.module("docker-1", entry)
        assert refused["failed"] and refused["failure"]["operation"] == verb and "in use by user" in refused["msg"]
    # A container that has ended keeps its volume, too.
    one.tell("docker", "kill", "user")
    assert "in use by user" in site.module("docker-1", volume("used", state="absent"))["msg"]


def test_volumes_of_others_are_refused(site, one):
    one.tell("docker", "volume", "create", "--driver=rgwkit", "--opt=remote=rgw:theirs", "theirs")
    assert "did not make" in site.module("docker-1", volume("theirs"))["msg"]
    site.module("docker-1", volume("moved"), home="another")
    refused = site.module("docker-1", volume("moved"))
    assert refused["failed"] and "is of another, and this inventory is volumes-test" in refused["msg"]
    assert site.module("docker-1", volume("moved"), takeover=True)["changed"]
    assert one.volume("moved")["Labels"]["io.rgwkit.home"] == "volumes-test"


@pytest.mark.parametrize("way", ["removed", "created again"])
def test_another_container_of_the_same_name_is_noticed(site, one, way):
    name = f"swapped-{len(way)}"
    site.module("docker-1", volume(name))
    assert site.swift("DELETE", name).status_code == 204
    if way == "created again":
        site.swift("PUT", name)
    refused = site.module("docker-1", volume(name))
    assert refused["failed"] and ("is gone" if way == "removed" else "is another one") in refused["msg"]


def test_two_writers_are_refused_and_the_volume_moves_on_request(site, one):
    two = site.hosts["docker-2"]
    site.module("docker-1", volume("shared"))
    one.run_box("shared", "echo written on the first >/data/file")
    refused = site.module("docker-2", volume("shared"))
    assert refused["failed"] and "docker-1 writes into this container already" in refused["msg"]
    assert not two.volume("shared")
    assert site.module("docker-2", volume("shared", access_mode="ReadOnlyMany"))["changed"]
    said = two.run_box("shared", "cat /data/file; echo x >/data/other")
    assert said.startswith("written on the first\n") and "Read-only file system" in said
    # The second mode has to be said on both sides.
    assert site.module("docker-2", volume("shared", access_mode="ReadWriteMany"))["failed"]
    moved = site.module("docker-2", volume("shared", moves_from="docker-1"))
    assert moved["changed"] and not site.module("docker-2", volume("shared", moves_from="docker-1"))["changed"]
    assert two.run_box("shared", "cat /data/file; echo second >/data/file") == "written on the first"
    # The first host comes back.
    refused = site.module("docker-1", volume("shared"))
    assert refused["failed"] and "docker-2 writes into this container already" in refused["msg"]


def test_many_writers_when_every_host_says_so(site, one):
    both = volume("many", access_mode="ReadWriteMany")
    assert site.module("docker-1", both)["changed"] and site.module("docker-2", both)["changed"]
    one.run_box("many", "echo 1 >/data/one")
    assert site.hosts["docker-2"].run_box("many", "echo 2 >/data/two; cat /data/one") == "1"
    assert site.objects("many") == {"one": 2, "two": 2}
    assert site.module("docker-1", volume("many"))["failed"]


def test_a_driver_that_is_down_is_named_at_once(site, one):
    site.module("docker-1", volume("down"))
    one.tell("systemctl", "stop", "rgwkit-volumes")
    try:
        refused = site.module("docker-1", volume("down"))
        assert refused["failed"] and "there is no such socket" in refused["msg"]
        assert "rgwkit-volumes" not in refused["msg"] and refused["failure"]["operation"] == "reach"
        looked = site.module("docker-1")
        assert not looked["failed"] and looked["drivers_gone"] == ["rgwkit"]
        assert any("waits 15 s" in text for text in looked["warnings"])
        # What docker does itself, on the same host.
        assert seconds_of(lambda: one.tell("docker", "volume", "ls")) >= LATE
        assert seconds_of(lambda: site.module("docker-1", volume("down"))) < LATE
        one.run_box("unheard-of", "true")
    finally:
        one.tell("systemctl", "start", "rgwkit-volumes")
    assert "local" in site.module("docker-1", volume("unheard-of"))["msg"]


def test_a_wrong_key_is_named(site, one):
    one.write("/etc/wrong.swift", "not-the-key")
    refused = site.module("docker-1", volume("wrong"), key_file="/etc/wrong.swift")
    assert refused["failed"] and refused["failure"]["status"] in (401, 403)
    assert "or another key of it" in refused["msg"] and not one.volume("wrong")
