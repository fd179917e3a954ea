# SPDX-License-Identifier: Apache-2.0
"""Images of podman, with podman doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.podman_images import Podman


@pytest.fixture
def podman(tmp_path, monkeypatch):
    """Put a podman before the host's that does this; returns what it was asked."""

    def do(script: str) -> Podman:
        (tmp_path / "podman").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n{script}\n')
        (tmp_path / "podman").chmod(0o755)
        return Podman()

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    do.asked = lambda: (tmp_path / "asked").read_text().splitlines()
    do.folder = tmp_path
    return do


def test_an_image_is_described_or_absent(podman):
    engine = podman("""echo '[{"Id": "abc", "Config": {"Labels": {"a": "b"}}}]'""")
    assert engine.image("rgwkit/a:1") == {"Id": "abc", "Config": {"Labels": {"a": "b"}}}
    assert podman("echo 'Error: rgwkit/a:1: image not known' >&2; exit 125").image("rgwkit/a:1") is None
    with pytest.raises(ToolError, match="cannot set up namespace"):
        podman("echo 'cannot set up namespace' >&2; exit 125").image("rgwkit/a:1")


def test_a_file_system_is_imported_with_its_labels(podman):
    engine = podman(f"cat > {podman.folder}/tar; echo sha256:abc")
    assert engine.import_image(iter([b"a", b"b"]), labels={"made": "2026-01-01T00:00:00Z", "by": "x y"}) == "sha256:abc"
    assert (podman.folder / "tar").read_bytes() == b"ab"
    asked = "import --quiet --change=LABEL by=x y --change=LABEL made=2026-01-01T00:00:00Z -"
    assert podman.asked() == [asked]


def test_a_torn_file_system_is_said(podman):
    engine = podman("echo 'Error: unexpected EOF' >&2; exit 125")
    with pytest.raises(ToolError, match="Error: unexpected EOF"):
        engine.import_image(iter([b"x" * (1 << 20)] * 4), "rgwkit/a:1")


def test_a_tag_a_removal_and_a_registry_s_word(podman):
    engine = podman("echo '{}'")
    engine.tag_image("abc", "rgwkit/a:1")
    engine.remove_image("abc")
    assert engine.offered("docker.io/a:1") == {}
    assert podman.asked() == ["tag abc rgwkit/a:1", "image rm abc", "manifest inspect docker://docker.io/a:1"]
    with pytest.raises(ToolError, match="unauthorized"):
        podman("echo 'Error: unauthorized' >&2; exit 125").offered("docker.io/a:1")


def test_a_host_without_podman_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="Install podman"):
        Podman().import_image([])
