# SPDX-License-Identifier: Apache-2.0
"""What the tests of documents have in common."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.document import Setting

SETTING = Setting("bucket", "tenant$owner", "europe")
TARGET = "bucket 'bucket' at gateway:80"


def settled(name, data, setting=SETTING):
    """The settled form of data."""
    return DOCUMENTS[name].settled(DOCUMENTS[name].wanted(data, name), setting)


def stored(name, body, setting=SETTING):
    """The settled form of an answer."""
    body = body if isinstance(body, bytes) else body.encode()
    return DOCUMENTS[name].settled(DOCUMENTS[name].answered(200, body, TARGET), setting)


def comes_back(name, data):
    """The settled form of data, which its own body says again, and which is data itself."""
    form = settled(name, data)
    assert stored(name, DOCUMENTS[name].body(form)) == form
    assert settled(name, form) == form
    return form


def refusal(name, data):
    """Why data are refused."""
    with pytest.raises(InputError) as seen:
        DOCUMENTS[name].wanted(data, f"buckets[3].{name}")
    assert str(seen.value).startswith(f"buckets[3].{name}")
    return str(seen.value)
