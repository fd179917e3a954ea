# SPDX-License-Identifier: Apache-2.0
"""The documents by their options."""

from __future__ import annotations

import json

from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS


def test_each_has_a_subresource_of_its_own():
    queries = {name: document.query for name, document in DOCUMENTS.items()}
    assert queries == {
        "versioning": "versioning",
        "object_lock": "object-lock",
        "tagging": "tagging",
        "encryption": "encryption",
        "lifecycle": "lifecycle",
        "cors": "cors",
        "website": "website",
        "acl": "acl",
        "policy": "policy",
        "public_access_block": "publicAccessBlock",
        "notification": "notification",
    }


def test_what_depends_on_another_comes_after_it():
    order = list(DOCUMENTS)
    assert order.index("versioning") < order.index("object_lock")
    assert max(order.index("acl"), order.index("policy")) < order.index("public_access_block")


def test_what_a_new_bucket_has_is_plain_data():
    for document in DOCUMENTS.values():
        assert json.loads(json.dumps(document.as_new)) == document.as_new
