# SPDX-License-Identifier: Apache-2.0
"""The round trip's judgement, with the docker daemon doubled (tests/integration has the real one)."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.session import OciSession
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe import roundtrip as registry_roundtrip
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.engines import DockerEngine
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.roundtrip import roundtrip
from ansible_collections.rgwkit.ceph.plugins.modules import registry_roundtrip as module

SESSION = OciSession("http://127.0.0.1:5000")
PUSHED, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64


class Daemon:
    """Pushes and pulls as told; knows which images it has."""

    def __init__(self, push_end=None, pulled=PUSHED, pulled_id="id-1"):
        self.push_end = push_end or {"status": f"0123abcd: digest: {PUSHED} size: 528"}
        self.pulled, self.pulled_id, self.images, self.logins = pulled, pulled_id, {}, []

    def import_image(self, tar, name):
        self.layer = b"".join(tar)
        self.images[name] = "id-1"

    def image(self, name):
        return {"Id": self.images[name]} if name in self.images else None

    def push(self, name, tag, login):
        self.logins.append(login)
        yield {"status": "Preparing"}
        if "status" not in self.push_end:
            raise ToolError("push", f"{name}:{tag}", self.push_end["error"], "Read the logs.")
        yield self.push_end

    def pull(self, name, tag, login):
        self.logins.append(login)
        self.images[f"{name}:{tag}"] = self.pulled_id
        return [{"status": f"Digest: {self.pulled}"}] if self.pulled_id else []

    def remove_image(self, name, force=False):
        if name not in self.images:
            raise ToolError("remove", name, "No such image", "", 404)
        del self.images[name]


@pytest.fixture
def deleted(monkeypatch):
    manifests = []
    monkeypatch.setattr(registry_roundtrip, "_delete", lambda _session, *which: manifests.append(which) or True)
    return manifests


def test_pushed_pulled_compared_and_cleaned_up(deleted):
    daemon = Daemon()
    done = roundtrip(DockerEngine(daemon), "127.0.0.1:5000", "a/b", 1024, Login("ci", "password"), SESSION)
    assert (done.digest, done.size, done.removed) == (PUSHED, 1024, True)
    assert daemon.logins == [Login("ci", "password")] * 2
    assert daemon.images == {}
    assert deleted == [("a/b", PUSHED)]


@pytest.mark.parametrize(
    ("daemon", "said"),
    [
        (Daemon(pulled=OTHER), f"pushed manifest {PUSHED}, pulled {OTHER}"),
        (Daemon(pulled_id="id-2"), "pushed image id-1, pulled id-2"),
        (Daemon(push_end={"error": 'Head "x": malformed HTTP status code "0"'}), "head-empty-manifest"),
        (Daemon(push_end={"error": "unauthorized: authentication required"}), "refused the user or the password"),
        (Daemon(push_end={"error": "blob upload unknown"}), "blob upload unknown. Read the logs."),
        (Daemon(push_end={"status": "done"}), "reported no digest"),
        (Daemon(pulled_id=""), "reported no digest"),
    ],
)
def test_what_went_wrong_is_said_and_nothing_stays(deleted, daemon, said):
    with pytest.raises(ToolError) as failure:
        roundtrip(DockerEngine(daemon), "127.0.0.1:5000", "a/b", 1024, None, SESSION)
    assert said in str(failure.value)
    assert daemon.images == {}
    assert deleted == []


def test_a_missing_password_file_is_said(run_module, tmp_path):
    result = run_module(module, registry="127.0.0.1:1", username="ci", password_file=str(tmp_path / "none"))
    assert f"the registry password: secret file '{tmp_path}/none' does not exist" in result["msg"]


def test_check_mode_pushes_nothing(run_module):
    assert not run_module(module, check=True, registry="127.0.0.1:1")["changed"]
