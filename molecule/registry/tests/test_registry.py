# SPDX-License-Identifier: Apache-2.0
"""The registry as seen by an independent client and by an intruder."""

from __future__ import annotations

import requests
import swiftclient

REGISTRY = "http://127.0.0.1:15000/v2/"


def test_who_does_not_log_in_is_refused():
    assert requests.get(REGISTRY, timeout=10).status_code == 401


def test_who_logs_in_is_let_in(files):
    password = (files / "users" / "registry.demo.password").read_text().strip()
    answer = requests.get(REGISTRY, auth=("demo", password), timeout=10)
    assert (answer.status_code, answer.json()) == (200, {})


def test_the_blobs_are_in_ceph(swift_login):
    connection = swiftclient.Connection(*swift_login, retries=0)
    _headers, objects = connection.get_container("registry", prefix="files/docker/registry/v2/blobs/")
    assert [entry for entry in objects if entry["name"].endswith("/data")]


def test_configuration_is_for_root_to_write_and_the_registry_to_read(host, files):
    folder = host.file(str(files / "registry"))
    assert (folder.mode, folder.uid, folder.gid) == (0o750, 0, 65532)
    for name in ("config.yml", "htpasswd"):
        file = host.file(str(files / "registry" / name))
        assert (file.mode, file.uid, file.gid) == (0o640, 0, 65532)


def test_no_secret_is_in_the_container_s_environment_or_log(host, files):
    secrets = [path.read_text().strip() for path in (files / "users").iterdir()]
    secrets.append((files / "registry" / "http.secret").read_text().strip())
    seen = host.check_output("docker inspect rgwkit-molecule-registry; docker logs rgwkit-molecule-registry 2>&1")
    assert not [secret for secret in secrets if secret in seen]
