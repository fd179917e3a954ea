# SPDX-License-Identifier: Apache-2.0
"""The gateway as the host sees it."""

from __future__ import annotations

NAME = "rgwkit-molecule"


def test_listens_on_loopback_only(host):
    assert host.socket("tcp://127.0.0.1:18080").is_listening
    assert not host.socket("tcp://0.0.0.0:18080").is_listening


def test_bears_the_label_that_teardown_looks_for(host):
    labels = host.docker(NAME).inspect()["Config"]["Labels"]
    assert labels["io.rgwkit.demo"] == NAME


def test_keeps_its_state_in_memory(host):
    mounts = {mount["Destination"] for mount in host.docker(NAME).inspect()["Mounts"]}
    assert "/var/lib/ceph" not in mounts
    assert "/var/lib/ceph" in host.docker(NAME).inspect()["HostConfig"]["Tmpfs"]


def test_secret_is_for_root_only(host, files):
    secret = host.file(str(files / "ceph" / "admin.secret"))
    assert (secret.mode, secret.user) == (0o600, "root")
    assert len(secret.content_string.strip()) == 40
