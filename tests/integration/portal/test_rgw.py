# SPDX-License-Identifier: Apache-2.0
"""The back-end of the portal on a real gateway."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from services.portal.backends import rgw
from services.portal.backends.backend import Quota, Usage
from services.portal.backends.rgw import RgwBackend
from services.portal.config import RgwSettings
from services.portal.problems import BackendRefused, NotFound, Taken, Unavailable
from tests.integration.gateway import Gateway, second_gateway
from tests.services.portal.contract import *  # noqa: F403 (its tests, run on this back-end)
from tests.services.portal.contract import LIMITS, new_name
from tests.services.portal.objects_contract import *  # noqa: F403 (likewise)

pytestmark = pytest.mark.long


def s3(gateway: Gateway, access_key: str, secret: str):
    once = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(
        "s3",
        endpoint_url=gateway.url,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        region_name="default",
        config=once,
    )


def settings(admin: dict[str, Any], **changes: object) -> RgwSettings:
    return RgwSettings.model_validate({**admin, **changes})


@pytest.fixture(scope="module")
def backend(admin: dict[str, Any]) -> Iterator[RgwBackend]:
    backend = RgwBackend(settings(admin))
    yield backend
    backend.close()


@pytest.fixture
def fill(backend, gateway):
    def put(project: str, name: str) -> Usage:
        pair = backend.create_key(project, f"FILL{new_name().upper()}")
        client = s3(gateway, pair.id, pair.secret.value)
        for number in range(3):
            client.put_object(Bucket=name, Key=f"o{number}", Body=b"x" * 100)
        backend.remove_key(project, pair.id)
        return Usage(300, 3, 0)

    return put


def test_a_restricted_bucket_takes_no_objects_whatever_its_owner_does(backend, gateway, project):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    pair = backend.create_key(project, f"KEY{name.upper()}")
    client = s3(gateway, pair.id, pair.secret.value)
    client.put_object(Bucket=name, Key="before", Body=b"1")
    backend.change_bucket(project, name, Quota(), restricted=True)
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/*"}
    client.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    with pytest.raises(ClientError, match="QuotaExceeded"):
        client.put_object(Bucket=name, Key="after", Body=b"1")
    assert client.get_object(Bucket=name, Key="before")["Body"].read() == b"1"
    backend.change_bucket(project, name, Quota(), restricted=False)
    client.put_object(Bucket=name, Key="after", Body=b"1")
    client.delete_object(Bucket=name, Key="before")
    assert backend.bucket(project, name).usage.objects == 1


def test_the_sum_of_many_buckets_follows_by_itself(admin, gateway, monkeypatch):
    monkeypatch.setattr(rgw, "_SUMMED_UP_AT_ONCE", 0)
    with second_gateway(gateway, rgw_user_quota_bucket_sync_interval="2") as url:
        near, backend = urlsplit(url), RgwBackend(settings(admin, endpoint=url))
        project, name = f"p{new_name()}", new_name()
        backend.set_limits(project, LIMITS)
        assert backend.usage(project) == Usage()
        backend.create_bucket(project, name, Quota())
        pair = backend.create_key(project, f"KEY{name.upper()}")
        client = s3(replace(gateway, host=near.hostname, port=near.port), pair.id, pair.secret.value)
        client.put_object(Bucket=name, Key="a", Body=b"12345")
        until = time.monotonic() + 60
        while backend.summary(project).usage != Usage(5, 1):
            assert time.monotonic() < until, backend.summary(project)
            time.sleep(0.5)
        backend.close()


def test_the_parts_of_an_upload_count_as_objects_of_the_project(backend, gateway, project):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    pair = backend.create_key(project, f"KEY{name.upper()}")
    client = s3(gateway, pair.id, pair.secret.value)
    upload = client.create_multipart_upload(Bucket=name, Key="big")["UploadId"]
    client.upload_part(Bucket=name, Key="big", PartNumber=1, UploadId=upload, Body=b"x" * 100)
    found = backend.bucket(project, name).usage
    assert found.uploads > 0
    used = backend.summary(project).usage
    # The beginning of the upload is in the bucket's record alone.
    assert (used.bytes, used.objects, used.uploads) == (100, 1, 0) == (found.bytes, found.objects, 0)


def test_a_removed_key_opens_nothing(backend, gateway, project):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    pair = backend.create_key(project, f"KEY{name.upper()}")
    client = s3(gateway, pair.id, pair.secret.value)
    client.list_objects_v2(Bucket=name)
    backend.remove_key(project, pair.id)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client.list_objects_v2(Bucket=name)


def test_the_creation_of_a_bucket_leaves_no_key_behind(backend, gateway, project):
    backend.create_bucket(project, new_name(), Quota())
    assert json.loads(gateway.run("radosgw-admin", "user", "info", f"--uid=portal-{project}"))["keys"] == []


def test_a_user_and_a_bucket_of_others_are_left_alone(backend, gateway, project):
    other = f"p{new_name()}"
    uid = f"portal-{other}"
    gateway.run("radosgw-admin", "user", "create", f"--uid={uid}", "--display-name=Somebody", "--max-buckets=5")
    for ask in (
        lambda: backend.set_limits(other, LIMITS),
        lambda: backend.limits(other),
        lambda: backend.create_key(other, "KEYOFOTHERS"),
        lambda: backend.remove_account(other),
    ):
        with pytest.raises(Taken):
            ask()
    found = json.loads(gateway.run("radosgw-admin", "user", "info", f"--uid={uid}"))
    assert (found["display_name"], found["max_buckets"], found["keys"][0]["user"]) == ("Somebody", 5, uid)
    demos = new_name()
    s3(gateway, gateway.access_key, gateway.secret).create_bucket(Bucket=demos)
    with pytest.raises(Taken):
        backend.create_bucket(project, demos, Quota())


def test_two_portals_do_not_take_each_other_s_projects(backend, admin, project):
    second = RgwBackend(settings(admin, home="second"))
    with pytest.raises(Taken):
        second.bucket_names(project)
    second.close()


def test_a_gateway_that_is_away_and_a_wrong_secret_are_told_apart(admin, tmp_path):
    away = RgwBackend(settings(admin, endpoint="http://127.0.0.1:9", wait_s=0))
    with pytest.raises(Unavailable):
        away.check()
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("canary-wrong-secret-of-the-admin")
    with pytest.raises(BackendRefused) as refused:
        RgwBackend(settings(admin, secret_key_file=str(wrong))).check()
    assert "canary" not in str(refused.value)


ODD = ["a b.txt", "ümlaut/é.txt", "plus+&=%.txt", "in/one", "in/deeper/two", "control\u0001.txt"]


@pytest.fixture
def filled(backend, gateway, project) -> str:
    """The name of a bucket with objects of odd names."""
    name = new_name()
    backend.create_bucket(project, name, Quota())
    pair = backend.create_key(project, f"KEY{name.upper()}")
    for key in ODD:
        s3(gateway, pair.id, pair.secret.value).put_object(Bucket=name, Key=key, Body=key.encode())
    return name


def test_objects_are_listed_by_folders_and_pages(backend, project, filled):
    whole = backend.objects(project, filled, "", "", 100)
    assert whole.folders == ["in/", "ümlaut/"] and whole.following == ""
    assert [one.key for one in whole.objects] == ["a b.txt", "control\u0001.txt", "plus+&=%.txt"]
    assert [one.size for one in whole.objects] == [7, 12, 12]
    seen, after = [], ""
    while True:
        page = backend.objects(project, filled, "", after, 2)
        seen += [*page.folders, *(one.key for one in page.objects)]
        assert len(page.folders) + len(page.objects) <= 2
        after = page.following
        if not after:
            break
    assert sorted(seen) == sorted([*whole.folders, *(one.key for one in whole.objects)])
    inside = backend.objects(project, filled, "in/", "", 100)
    assert inside.folders == ["in/deeper/"] and [one.key for one in inside.objects] == ["in/one"]


def test_a_signed_url_downloads_for_a_while(backend, project, filled):
    for key in ODD:
        answer = requests.get(backend.download_url(project, filled, key, 60), timeout=30)
        assert (answer.status_code, answer.content) == (200, key.encode()), answer.text
        assert answer.headers["Content-Disposition"] == "attachment"
    url = backend.download_url(project, filled, "a b.txt", 1)
    time.sleep(2.5)
    assert requests.get(url, timeout=30).status_code == 403
    assert requests.get(url.replace("a%20b.txt", "in/one"), timeout=30).status_code == 403


def test_an_upload_form_takes_files_below_its_prefix_alone(backend, project, filled):
    form = backend.upload_form(project, filled, "in/", "http://127.0.0.1:9/web?done=uploaded", 60)
    sent = {"files": {"file": ("new é.txt", b"12345")}, "allow_redirects": False, "timeout": 30}
    answer = requests.post(form.url, form.fields, **sent)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("http://127.0.0.1:9/web?done=uploaded")
    assert ("in/new é.txt", 5) in [
        (one.key, one.size) for one in backend.objects(project, filled, "in/", "", 9).objects
    ]
    assert requests.post(form.url, {**form.fields, "key": "elsewhere"}, **sent).status_code == 403
    assert "elsewhere" not in [one.key for one in backend.objects(project, filled, "", "", 9).objects]


ORIGIN = "http://portal.example:8088"
OTHERS = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}


def test_scripts_of_the_portal_may_send_forms_and_see_what_came_of_them(backend, gateway, project):
    name = new_name()
    backend.create_bucket(project, name, Quota(4096))
    pair = backend.create_key(project, f"KEY{name.upper()}")
    client = s3(gateway, pair.id, pair.secret.value)
    client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [OTHERS]})
    for _number in range(2):
        backend.allow_scripts(project, name, ORIGIN)
        own, others = client.get_bucket_cors(Bucket=name)["CORSRules"]
        assert (own["AllowedOrigins"], own["AllowedMethods"]) == ([ORIGIN], ["POST"])
        assert (others["AllowedOrigins"], others["AllowedMethods"]) == (["*"], ["GET"])
    form = backend.upload_form(project, name, "", "", 60)

    def preflight(origin: str, method: str) -> requests.Response:
        asked = {"Origin": origin, "Access-Control-Request-Method": method}
        return requests.options(form.url, headers=asked, timeout=30)

    assert preflight(ORIGIN, "POST").headers["Access-Control-Allow-Origin"] == ORIGIN
    for origin, method in ((ORIGIN, "DELETE"), ("http://evil.example", "POST")):
        assert "Access-Control-Allow-Origin" not in preflight(origin, method).headers
    for size, status in ((1000, 201), (10_000, 403)):
        given = {"files": {"file": ("new", b"x" * size)}, "headers": {"Origin": ORIGIN}, "timeout": 30}
        answer = requests.post(form.url, form.fields, **given)
        assert (answer.status_code, answer.headers.get("Access-Control-Allow-Origin")) == (status, ORIGIN), answer.text
    backend.allow_scripts(project, name, "http://moved.example")
    assert [one["AllowedOrigins"] for one in client.get_bucket_cors(Bucket=name)["CORSRules"]] == [
        ["http://moved.example"],
        ["*"],
    ]
    with pytest.raises(NotFound):
        backend.allow_scripts(f"p{new_name()}", name, ORIGIN)


def test_the_key_for_signed_urls_is_made_once_and_not_shown(backend, gateway, project, filled):
    urls = {backend.download_url(project, filled, "a b.txt", 60).partition("Credential=")[2][:20] for _number in "123"}
    keys = json.loads(gateway.run("radosgw-admin", "user", "info", f"--uid=portal-{project}"))["keys"]
    (name,) = urls
    assert [one["access_key"] for one in keys].count(name) == 1 and name not in backend.key_ids(project)
