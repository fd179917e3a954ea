# SPDX-License-Identifier: Apache-2.0
"""What all documents do alike: the answer to a GET is judged, and what to send is one request with its checksum."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.document import UnknownSubresource, error_code

from .forms import SETTING, TARGET, settled

LISTING = b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name></ListBucketResult>'
NAMES = list(DOCUMENTS)


def error(code):
    return f"<Error><Code>{code}</Code><Message>x</Message></Error>".encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_listing_says_that_the_subresource_is_unknown(name):
    """16.2.15 answers GET ?encryption with one."""
    with pytest.raises(UnknownSubresource, match=rf"{name} of {TARGET}: .*ListBucketResult.*\?{DOCUMENTS[name].query}"):
        DOCUMENTS[name].answered(200, LISTING, TARGET)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"", b"<Broken", b"\xff\xfe"])
def test_what_is_no_document_is_an_error(name, body):
    with pytest.raises(ToolError, match=f"understand {name} of {TARGET}"):
        DOCUMENTS[name].answered(200, body, TARGET)


@pytest.mark.parametrize("name", NAMES)
def test_its_own_code_says_that_there_is_none(name):
    document = DOCUMENTS[name]
    for code in document.none_codes:
        assert document.answered(404, error(code), TARGET) == document.as_new
    with pytest.raises(ToolError, match="HTTP 404 NoSuchBucket") as seen:
        document.answered(404, error("NoSuchBucket"), TARGET)
    assert not isinstance(seen.value, UnknownSubresource)


def test_a_subresource_that_is_switched_off_is_unknown_and_the_switch_named():
    with pytest.raises(UnknownSubresource, match=r"405 MethodNotAllowed.*rgw_enable_static_website"):
        DOCUMENTS["website"].answered(405, error("MethodNotAllowed"), TARGET)


@pytest.mark.parametrize("name", NAMES)
def test_null_is_what_a_new_bucket_has_and_nobody_can_change_that(name):
    document = DOCUMENTS[name]
    before = json.dumps(document.as_new)
    for form in (document.wanted(None, name), document.wanted(None, name)):
        assert form == document.as_new
        if isinstance(form, dict):
            form["x"] = 1
        elif isinstance(form, list):
            form.append(1)
    assert json.dumps(document.as_new) == before


@pytest.mark.parametrize("name", [name for name in NAMES if DOCUMENTS[name].removable])
def test_a_document_is_removed_by_delete(name):
    document = DOCUMENTS[name]
    (request,) = document.requests(settled(name, None), None)
    assert (request.method, request.query, request.body) == ("DELETE", {document.query: ""}, None)


def test_a_put_carries_its_type_and_its_checksum():
    form = settled("tagging", {"a": "b"})
    (request,) = DOCUMENTS["tagging"].requests(form, {})
    md5 = base64.b64encode(hashlib.md5(request.body).digest()).decode()
    assert (request.method, request.query) == ("PUT", {"tagging": ""})
    assert request.headers == {"content-type": "application/xml", "content-md5": md5}


def test_what_cannot_be_removed_is_put_back():
    (request,) = DOCUMENTS["acl"].requests(settled("acl", None), None)
    assert (request.method, b"FULL_CONTROL" in request.body) == ("PUT", True)


def test_the_tenant_is_that_of_the_owner():
    assert (SETTING.tenant, SETTING._replace(owner="u").tenant) == ("tenant", "")


@pytest.mark.parametrize("body", [b"", b"{}", b"<Error/>", b"<!DOCTYPE x><Error><Code>a</Code></Error>"])
def test_an_answer_without_a_code_has_none(body):
    assert error_code(body) == ""
