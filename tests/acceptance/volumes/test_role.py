# SPDX-License-Identifier: Apache-2.0
"""The role docker_volumes: from a host that has docker and nothing else, and back."""

from __future__ import annotations

import pytest

from .site import DRIVER, KEY_FILE, SOCKET, UNIT, seconds_of

SETTINGS = "/etc/rgwkit/rgwkit-volumes/rclone.conf"
LISTED = [{"name": "uploads", "uid": 33}]
LATE = 15


@pytest.fixture(scope="module")
def two(site):
    """The second host, whose driver is there again at the end."""
    host = site.hosts["docker-2"]
    yield host
    host.tell("sh", "-c", "docker rm --force $(docker ps --all --quiet) 2>/dev/null")
    again = site.play(limit="docker-2")
    assert again.code == 0, again.output[-3000:]


def play(site, *options, **variables):
    return site.play(*options, limit="docker-2", **variables)


def test_check_mode_tells_of_the_first_run_and_does_nothing(site):
    assert site.checked.code == 0 and site.checked.count("changed") > 0, site.checked.output[-3000:]
    assert "+Before=docker.service" in site.checked.output
    assert site.after_check == {"unit": "", "rclone": "", "folder": ""}


def test_a_path_of_more_than_one_word_is_refused(site):
    refused = play(site, docker_volumes_data_dir="/var/lib/a b")
    assert refused.code != 0 and "docker_volumes_data_dir is '/var/lib/a b'" in refused.output


def test_a_second_run_changes_nothing(site, two):
    first = play(site, docker_volumes_list=LISTED)
    assert first.code == 0 and first.count("changed") == 1, first.output[-3000:]
    again = play(site, docker_volumes_list=LISTED)
    assert again.code == 0 and again.count("changed") == 0, again.output[-3000:]
    checked = play(site, "--check", docker_volumes_list=LISTED)
    assert checked.code == 0 and checked.count("changed") == 0, checked.output[-3000:]


def test_the_key_is_in_one_file_of_root_alone(site, two):
    shown = play(site, "-vvv", "--diff", docker_volumes_list=LISTED)
    assert shown.code == 0 and site.gateway.secret not in shown.output
    assert two.tell("stat", "--format=%a %U", SETTINGS) == "600 root"
    assert site.gateway.secret in two.tell("cat", SETTINGS)
    for place in ("/etc/systemd/system", "/etc/rgwkit", "/var/lib/rgwkit", "/var/log", "/tmp"):
        found = two.tell("grep", "--recursive", "--files-with-matches", site.gateway.secret, place).split()
        assert set(found) <= {SETTINGS}
    pid = two.shown("MainPID", UNIT)
    for place in ("cmdline", "environ"):
        assert site.gateway.secret not in two.tell("cat", f"/proc/{pid}/{place}")
    assert site.gateway.secret not in str(two.volume("uploads")) + two.tell("journalctl", "--no-pager")


def test_a_driver_is_not_restarted_under_running_containers_without_being_told(site, two):
    two.start_box("web", "uploads", "while :; do date >/data/now; sleep 1; done")
    before = two.shown("MainPID", UNIT)
    refused = play(site, docker_volumes_list=LISTED, docker_volumes_seen_after=7)
    assert refused.code != 0 and "ends the mounts of running containers: web" in refused.output
    assert two.shown("MainPID", UNIT) == before
    assert "dir-cache-time=5s" in two.tell("cat", f"/etc/systemd/system/{UNIT}")
    told = {"docker_volumes_list": LISTED, "docker_volumes_seen_after": 7, "docker_volumes_restart_containers": True}
    done = play(site, **told)
    assert done.code == 0 and "1 container restarted (web)" in done.output, done.output[-3000:]
    assert two.shown("MainPID", UNIT) != before
    assert two.tell("docker", "exec", "web", "ls", "/data") == "now"
    assert play(site, **told).count("changed") == 0


def test_a_key_file_may_end_its_line_and_must_not_be_open_to_others(site, two):
    two.write(KEY_FILE, f"{site.gateway.secret}\n")
    assert play(site, docker_volumes_list=LISTED, docker_volumes_seen_after=7).count("changed") == 0
    two.tell("sh", "-c", f"chmod 644 {KEY_FILE}")
    refused = play(site, docker_volumes_list=LISTED, docker_volumes_seen_after=7)
    assert refused.code != 0 and "is open to every account of this host" in refused.output
    two.tell("sh", "-c", f"chmod 600 {KEY_FILE}")


def test_removal_waits_for_containers_and_takes_all_but_the_data(site, two):
    away = {"docker_volumes_state": "absent"}
    refused = play(site, **away)
    assert refused.code != 0 and "in use by web" in refused.output
    assert two.driver_answers()
    two.tell("docker", "rm", "--force", "web")
    gone = play(site, **away)
    assert gone.code == 0, gone.output[-3000:]
    assert "remembers the driver rgwkit" in gone.output
    assert not two.volume("uploads") and "now" in site.objects("uploads")
    for path in (SETTINGS, SOCKET, f"/etc/systemd/system/{UNIT}", "/var/lib/rgwkit/rgwkit-volumes"):
        assert two.tell("ls", path).startswith("ls: cannot access"), path
    again = play(site, **away)
    assert again.code == 0 and again.count("changed") == 0, again.output[-3000:]
    # Until docker is restarted, it waits for the driver, whose plays do not.
    assert seconds_of(lambda: two.tell("docker", "volume", "ls")) >= LATE
    restarted = play(site, docker_volumes_restart_docker=True, **away)
    assert restarted.code == 0 and restarted.count("changed") == 1, restarted.output[-3000:]
    assert seconds_of(lambda: two.tell("docker", "volume", "ls")) < 5
    assert DRIVER not in two.tell("docker", "info", "--format={{.Plugins.Volume}}")
