# SPDX-License-Identifier: Apache-2.0
"""Signed URLs and upload forms, against the worked examples of Amazon's S3 API Reference and against botocore."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.presigned import presigned_target, upload_fields

LOGIN = Login("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
NOW = datetime.datetime(2013, 5, 24, tzinfo=datetime.timezone.utc)


def test_published_example_of_a_signed_url():
    target = presigned_target("GET", "/test.txt", {}, "examplebucket.s3.amazonaws.com", LOGIN, 86400, NOW)
    query = dict(parse_qsl(urlsplit(target).query))
    assert query["X-Amz-Signature"] == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    assert query["X-Amz-Credential"] == "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"


@pytest.mark.parametrize("key", ["a b/ü?&=%.txt", "x" * 300, "~-_.", "a+b"])
def test_a_signed_url_is_the_one_of_botocore(key, monkeypatch):
    botocore = pytest.importorskip("botocore.auth")
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    monkeypatch.setattr(botocore, "get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None))
    ours = presigned_target("GET", f"/bucket/{key}", {"response-content-disposition": "attachment"}, "h", LOGIN, 9, NOW)
    path = ours.partition("?")[0]
    request = AWSRequest("GET", f"http://h{path}", params={"response-content-disposition": "attachment"})
    botocore.S3SigV4QueryAuth(Credentials(LOGIN.user, LOGIN.secret), "s3", "us-east-1", expires=9).add_auth(request)
    assert dict(parse_qsl(urlsplit(ours).query)) == dict(parse_qsl(urlsplit(request.url).query))


def test_an_upload_form_lets_in_what_its_policy_names():
    given = {"key": "in/${filename}", "success_action_redirect": "https://portal.example/web"}
    fields = upload_fields("bucket", [["starts-with", "$key", "in/"]], given, LOGIN, 3600, NOW)
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["expiration"] == "2013-05-24T01:00:00Z"
    assert {"bucket": "bucket"} in policy["conditions"] and ["starts-with", "$key", "in/"] in policy["conditions"]
    exact = {name: value for one in policy["conditions"] if isinstance(one, dict) for name, value in one.items()}
    assert {name for name in fields if name not in exact} == {"key", "policy", "x-amz-signature"}
    key = b"AWS4" + LOGIN.secret.encode()
    for part in ("20130524", "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    assert fields["x-amz-signature"] == hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()
    assert LOGIN.secret not in json.dumps(fields)
