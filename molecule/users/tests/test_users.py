# SPDX-License-Identifier: Apache-2.0
"""The users as seen by an independent swift client."""

from __future__ import annotations

import pytest
import swiftclient


def test_put_head_get_delete(swift_login):
    connection = swiftclient.Connection(*swift_login, retries=0)
    connection.put_container("molecule-users")
    etag = connection.put_object("molecule-users", "o", b"content")
    assert connection.head_object("molecule-users", "o")["content-length"] == "7"
    headers, content = connection.get_object("molecule-users", "o")
    assert (content, headers["etag"]) == (b"content", etag)
    connection.delete_object("molecule-users", "o")
    connection.delete_container("molecule-users")


def test_a_wrong_key_is_refused(swift_login):
    endpoint, user, _secret = swift_login
    with pytest.raises(swiftclient.ClientException) as refused:
        swiftclient.Connection(endpoint, user, "wrong-secret-wrong-secret", retries=0).get_auth()
    assert refused.value.http_status == 401


@pytest.mark.parametrize("name", ["registry-a.swift.secret", "registry-a.s3.secret"])
def test_secrets_are_for_root_only(host, files, name):
    assert host.file(str(files / "users" / name)).mode == 0o600
    assert host.file(str(files / "users")).mode == 0o700


def test_no_secret_is_in_a_container_s_environment_or_the_log(host, files):
    secrets = [path.read_text().strip() for path in (files / "users").iterdir()]
    seen = host.check_output("docker inspect rgwkit-molecule; docker logs rgwkit-molecule 2>&1")
    assert secrets and not [secret for secret in secrets if secret in seen]
