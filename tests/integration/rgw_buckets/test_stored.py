# SPDX-License-Identifier: Apache-2.0
"""What each release stores of what it is told (docs/buckets-stored.md), and that the module knows what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.document import Setting
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.notification import EVENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.policy_actions import ACTIONS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.releases import TRIED, problems
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_topics

from tests.integration.rgw_buckets.helpers import S3
from tests.integration.rgw_buckets.stored import ALL, DROPPED, KEPT


def put(owner: S3, bucket: str, query: str, body: bytes) -> str:
    """Write a document; the code of the error, or nothing."""
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    answer = owner("PUT", f"/{bucket}", {query: ""}, body, {"content-md5": digest})
    assert answer.status_code < 500, answer.text
    found = re.search("<Code>(.*)</Code>", answer.text)
    return "" if answer.status_code < 300 else found[1]


@pytest.fixture(scope="module")
def bucket(owner):
    name = f"b-{secrets.token_hex(4)}"
    assert owner("PUT", f"/{name}").status_code == 200
    return name


@pytest.fixture
def topic(run_module, admin, owner, release):
    name = "events"
    if release > 14:
        run_module(
            rgw_topics, **admin, topics=[{"name": name, "owner": owner.uid, "push_endpoint": "http://127.0.0.1:9/"}]
        )
    return name


@pytest.mark.parametrize("told", ALL, ids=str)
def test_what_becomes_of_a_document(release, owner, name, topic, told):
    locked = {"x-amz-bucket-object-lock-enabled": "true"} if told.lock else {}
    assert owner("PUT", f"/{name}", headers=locked).status_code == 200
    code = put(owner, name, told.subject, told.body.replace("BUCKET", name).replace("TOPIC", topic).encode())
    stored = owner("GET", f"/{name}", {told.subject: ""})
    fate = code or (KEPT if stored.status_code == 200 and told.part in stored.text else DROPPED)
    assert fate == told.fate(release)


def test_the_module_was_tried_on_this_release(gateway, release):
    assert gateway.demo.run("ceph", "--version").split()[2] == TRIED[release]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_taken_where_the_module_says_so(release, owner, bucket, action):
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    known = problems("policy", DOCUMENTS["policy"].wanted(policy, "policy"), release)
    assert put(owner, bucket, "policy", json.dumps(policy).encode()) == ("InvalidArgument" if known else "")


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_an_event_is_kept_where_the_module_says_so(release, owner, bucket, topic, event):
    if release == 14:
        pytest.skip("Ceph 14 has no topics that are managed by signed requests")
    document = DOCUMENTS["notification"]
    wanted = document.wanted([{"id": "one", "topic": topic, "events": [event]}], "notifications")
    settled = document.settled(wanted, Setting(bucket, owner.uid))
    refused = put(owner, bucket, "notification", document.body(settled))
    stored = document.answered(200, owner("GET", f"/{bucket}", {"notification": ""}).content, bucket)
    kept = not refused and stored == settled
    assert kept == (not problems("notification", wanted, release))
