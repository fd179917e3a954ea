# SPDX-License-Identifier: Apache-2.0
"""What people do in the portal, and what their keys are good for; tests run in the order of the file."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.portal_pages import Person, key_of, s3_client

GATEWAY = "http://127.0.0.1:18085"
ASTRONOMY, BIOLOGY = "/web/rgw/astronomy", "/web/rgw/biology"
SignIn = Callable[[str], Person]


def s3cmd(folder: Path, key: str, secret: str, *words: str) -> str:
    """What s3cmd says, with the key in a file."""
    settings = folder / "s3cfg"
    settings.touch(mode=0o600)
    lines = ["[default]", f"access_key = {key}", f"secret_key = {secret}", "use_https = False"]
    lines += [f"{name} = {GATEWAY.removeprefix('http://')}" for name in ("host_base", "host_bucket")]
    settings.write_text("\n".join(lines))
    command = [str(Path(sys.executable).with_name("s3cmd")), f"--config={settings}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_people_see_their_sample_project_alone(person: SignIn) -> None:
    ada, ben = person("ada"), person("ben")
    assert "Astronomy" in ada.page and "Biology" not in ada.page
    assert "astronomy-images" in ada.open(ASTRONOMY).text
    assert "Biology" in ben.page and "Astronomy" not in ben.page
    assert (ada.open(BIOLOGY).status_code, ben.open(ASTRONOMY).status_code) == (404, 404)


def test_a_key_works_with_clients_until_its_rotation(person: SignIn, tmp_path: Path) -> None:
    ada = person("ada")
    ada.open(ASTRONOMY)
    ada.send(f"{ASTRONOMY}/buckets", name="astronomy-raw", number="64", unit="KiB")
    assert "The bucket has been created." in ada.page
    ada.open(f"{ASTRONOMY}/keys")
    assert ada.send(f"{ASTRONOMY}/keys", label="laptop").status_code == 201
    key, secret = key_of(ada.page)

    client = s3_client(GATEWAY, key, secret)
    client.put_object(Bucket="astronomy-raw", Key="by-boto3", Body=b"by boto3")
    (tmp_path / "file").write_text("by s3cmd")
    s3cmd(tmp_path, key, secret, "put", str(tmp_path / "file"), "s3://astronomy-raw/by-s3cmd")
    assert client.get_object(Bucket="astronomy-raw", Key="by-s3cmd")["Body"].read() == b"by s3cmd"
    assert "s3://astronomy-raw/by-boto3" in s3cmd(tmp_path, key, secret, "ls", "s3://astronomy-raw")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.list_objects_v2(Bucket="biology-reads")

    ada.open(f"{ASTRONOMY}/keys")
    assert ada.send(f"{ASTRONOMY}/keys/{key}/rotate", hours="0").status_code == 201
    new_key, new_secret = key_of(ada.page)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client.list_objects_v2(Bucket="astronomy-raw")
    assert "by-boto3" in s3cmd(tmp_path, new_key, new_secret, "ls", "s3://astronomy-raw")


def test_somebody_who_leaves_sees_the_project_no_more(person: SignIn) -> None:
    ada, eve = person("ada"), person("eve")
    eve.open("/web/projects/astronomy/members")
    (version,) = re.findall(r'name="version" value="(\d+)"', eve.page)
    eve.send("/web/projects/astronomy/members", title="Astronomy", people="ben", version=version)
    assert ada.open(ASTRONOMY).status_code == 404
    assert person("ben").open(ASTRONOMY).status_code == 200
