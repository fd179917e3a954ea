# SPDX-License-Identifier: Apache-2.0
"""What the role docker_volumes derives from its variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.host_volumes import HostVolumes

ROLE = {
    "state": "present",
    "name": "rgwkit-volumes",
    "driver": "rgwkit",
    "dir": "/etc/v",
    "data_dir": "/var/lib/v",
    "rclone": "/usr/bin/rclone",
    "ca_file": "",
    "validate_certs": True,
    "cache_size": "",
    "seen_after": 5,
}


def lines(**given):
    unit = Service(HostVolumes({**ROLE, **given}, "/inventory").definition).unit_text
    return unit.splitlines()


def command(**given):
    return next(line for line in lines(**given) if line.startswith("ExecStart=")).split()


def test_the_driver_starts_before_docker_and_uploads_at_once():
    assert "Before=docker.service" in lines()
    assert {"--vfs-write-back=0s", "--vfs-cache-mode=writes", "--umask=022"} <= set(command())
    assert "--socket-addr=/run/docker/plugins/rgwkit.sock" in command()


def test_what_a_killed_driver_leaves_is_removed_before_the_next_one_starts():
    found = lines()
    first = [line for line in found if line.startswith("ExecStartPre=")]
    assert [("umount" in line, "sed" in line, "rm -f" in line) for line in first] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert found.index(first[-1]) < next(i for i, line in enumerate(found) if line.startswith("ExecStart="))


def test_options_reach_rclone():
    words = command(ca_file="/ca.pem", validate_certs=False, cache_size="10G", seen_after=60)
    assert {"--ca-cert=/ca.pem", "--no-check-certificate", "--vfs-cache-max-size=10G", "--dir-cache-time=60s"} <= set(
        words
    )
    assert not {word for word in command() if word.startswith(("--ca-cert", "--no-check", "--vfs-cache-max"))}


def test_an_own_rclone_needs_no_package_of_rclone():
    own = HostVolumes({**ROLE, "rclone": "/opt/rclone"}, "/inventory")
    assert own.definition["packages"] == {"default": ["fuse3"]} and own.needs["packages"] == []
    ours = HostVolumes(ROLE, "/inventory")
    assert ours.definition["packages"] == {"default": ["rclone", "fuse3"]}
    assert ours.needs["packages"][0]["version"] == "1.57" and ours.needs["docker"]
    assert HostVolumes({**ROLE, "state": "absent"}, "/inventory").needs["commands"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "a b"),
        ("driver", "../x"),
        ("dir", "/etc/a'b"),
        ("data_dir", "var/lib"),
        ("rclone", "/opt/rclone --x"),
        ("ca_file", "/ca.pem\nExecStart=/bin/sh"),
        ("cache_size", "10 G"),
    ],
)
def test_a_value_that_would_be_more_than_one_word_is_refused(name, value):
    found = HostVolumes({**ROLE, name: value}, "/inventory").objections
    assert len(found) == 1 and found[0].startswith(f"docker_volumes_{name} is ")


def test_nothing_speaks_against_proper_values():
    assert HostVolumes({**ROLE, "cache_size": "10G", "ca_file": "/etc/ssl/ca.pem"}, "/inventory").objections == []
