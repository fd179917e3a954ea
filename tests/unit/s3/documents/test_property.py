# SPDX-License-Identifier: Apache-2.0
"""Any data that are taken come back from their own body, are data themselves, and do not depend on an order."""

from __future__ import annotations

import json
import random
import string

from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.differences import differences
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.notification import EVENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.policy_actions import ACTIONS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .forms import comes_back, settled

NAME = st.text(st.sampled_from(string.ascii_letters + string.digits + "-_./ &<>\"'äß漢🚀"), min_size=1, max_size=20)
TEXTS = st.dictionaries(NAME.filter(lambda name: not name.lower().startswith("aws:")), st.just("") | NAME, max_size=5)
DAYS = st.integers(1, 10_000)
DATE = st.dates().map(lambda date: date.isoformat())


def mixed(**parts):
    """A mapping that has any of some parts."""
    return st.fixed_dictionaries({}, optional=parts)


def moves(**when):
    period = st.one_of([st.fixed_dictionaries({"storage_class": NAME, name: value}) for name, value in when.items()])
    return st.lists(period, max_size=3, unique_by=lambda move: move["storage_class"])


def by_id(item, least=0):
    return st.lists(item, min_size=least, max_size=4, unique_by=lambda found: found["id"])


def parts_of(*strategies):
    return st.tuples(*strategies).map(lambda parts: {key: value for part in parts for key, value in part.items()})


CONDITIONS = mixed(
    prefix=NAME,
    tags=TEXTS,
    object_size_greater_than=st.integers(0, 1000),
    object_size_less_than=st.integers(1001, 2**40),
    archive_zone=st.booleans(),
)
ACTIONS_OF_RULES = st.one_of(
    parts_of(
        st.fixed_dictionaries({"expiration_days": st.integers(20_001, 30_000)}),
        mixed(transitions=moves(days=DAYS), noncurrent_version_transitions=moves(days=DAYS)),
    ),
    st.fixed_dictionaries({"expiration_date": DATE}),
    st.fixed_dictionaries({"transitions": moves(days=DAYS, date=DATE).filter(bool)}),
    st.fixed_dictionaries(
        {"noncurrent_version_expiration_days": DAYS}, optional={"newer_noncurrent_versions": st.integers(1, 100)}
    ),
)
LIFECYCLE = by_id(
    parts_of(st.fixed_dictionaries({"id": NAME}, optional={"enabled": st.booleans()}), CONDITIONS, ACTIONS_OF_RULES)
)
CORS = st.lists(
    st.fixed_dictionaries(
        {
            "allowed_origins": st.lists(NAME, min_size=1, max_size=3),
            "allowed_methods": st.lists(st.sampled_from(["GET", "PUT", "HEAD"]), min_size=1),
        },
        optional={
            "id": NAME,
            "allowed_headers": st.lists(NAME, max_size=3),
            "expose_headers": st.lists(NAME, max_size=3),
            "max_age_seconds": st.integers(0, 86_400),
        },
    ),
    max_size=4,
)
NOTIFICATION = by_id(
    st.fixed_dictionaries(
        {"id": NAME, "topic": NAME},
        optional={
            "events": st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=4),
            "prefix": NAME,
            "suffix": NAME,
            "regex": NAME,
            "metadata": TEXTS,
            "tags": TEXTS,
        },
    )
)
WORDS = st.lists(st.sampled_from(["read", "write", "read_acp", "write_acp", "full_control"]), min_size=1)
ACL = st.lists(
    st.fixed_dictionaries({"user": NAME, "permissions": WORDS})
    | st.fixed_dictionaries({"group": st.sampled_from(["all_users", "authenticated_users"]), "permissions": WORDS}),
    max_size=5,
)
PRINCIPALS = st.just("*") | st.fixed_dictionaries(
    {"AWS": st.lists(st.sampled_from(["*", "t", "arn:aws:iam:::user/u", "arn:aws:iam::t:user/v"]), min_size=1)}
)
POLICY = st.fixed_dictionaries(
    {
        "Version": st.sampled_from(["2012-10-17", "2008-10-17"]),
        "Statement": st.lists(
            st.fixed_dictionaries(
                {
                    "Effect": st.sampled_from(["Allow", "Deny"]),
                    "Principal": PRINCIPALS,
                    "Action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4),
                    "Resource": st.lists(NAME.map(lambda name: f"arn:aws:s3:::{name}"), min_size=1, max_size=3),
                },
                optional={
                    "Condition": st.dictionaries(
                        st.sampled_from(["Bool", "StringLike", "NumericEquals"]),
                        st.dictionaries(NAME, st.booleans() | st.integers() | st.lists(NAME, min_size=1)),
                        max_size=2,
                    )
                },
            ),
            min_size=1,
            max_size=4,
        ),
    }
)


def shuffled(value, chance):
    """The same with lists, and the keys of mappings, in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in chance.sample(value, len(value))]
    return value


def holds(name, data, chance, ordered=False):
    form = comes_back(name, data)
    assert json.loads(json.dumps(form)) == form
    assert differences(form, form, name) == []
    other = [shuffled(item, chance) for item in data] if ordered else shuffled(data, chance)
    assert settled(name, other) == form
    assert DOCUMENTS[name].body(settled(name, other)) == DOCUMENTS[name].body(form)


RANDOM = st.randoms(use_true_random=False)
# A busy machine is no reason to fail.
PATIENT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(LIFECYCLE, RANDOM)
def test_lifecycle(data: list, chance: random.Random):
    holds("lifecycle", data, chance)


@PATIENT
@given(CORS, RANDOM)
def test_cors(data: list, chance: random.Random):
    holds("cors", data, chance, ordered=True)


@PATIENT
@given(NOTIFICATION, RANDOM)
def test_notification(data: list, chance: random.Random):
    holds("notification", data, chance)


@PATIENT
@given(ACL, RANDOM)
def test_acl(data: list, chance: random.Random):
    holds("acl", data, chance)


@PATIENT
@given(TEXTS, RANDOM)
def test_tagging(data: dict, chance: random.Random):
    holds("tagging", data, chance)


@PATIENT
@given(POLICY, RANDOM)
def test_policy(data: dict, chance: random.Random):
    holds("policy", data, chance)
    assert settled("policy", json.dumps(data, indent=1)) == settled("policy", data)


@PATIENT
@given(LIFECYCLE, LIFECYCLE)
def test_what_differs_is_told(one: list, other: list):
    first, second = settled("lifecycle", one), settled("lifecycle", other)
    assert bool(differences(first, second, "lifecycle")) == (first != second)
