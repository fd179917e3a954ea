# SPDX-License-Identifier: Apache-2.0
"""Rules by their ids: what says the same has one form, and what RGW or S3 would not keep is refused."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.lifecycle import storage_classes

from .forms import comes_back, refusal, settled, stored

RULE = {"id": "a", "expiration_days": 30}
FULL = {
    "id": "all & <more>",
    "enabled": False,
    "prefix": "ü&</",
    "tags": {"k": "v", "l": ""},
    "object_size_greater_than": 0,
    "object_size_less_than": 2**40,
    "archive_zone": True,
    "expiration_days": 100,
    "noncurrent_version_expiration_days": 3,
    "newer_noncurrent_versions": 5,
    "transitions": [{"storage_class": "COLD", "days": 9}, {"storage_class": "ICE", "days": 0}],
    "noncurrent_version_transitions": [{"storage_class": "COLD", "days": 1}],
}


def answer(*rules):
    """As 16.2.15 and 18.2.7 write them."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    )
    rules = "".join(f"<Rule>{rule}</Rule>" for rule in rules)
    return f"{head}{rules}</LifecycleConfiguration>"


def rule(conditions, action="<Expiration><Days>30</Days></Expiration>", name="a"):
    return f"<ID>{name}</ID>{conditions}<Status>Enabled</Status>{action}"


def tag(key):
    return f"<Tag><Key>{key}</Key><Value>v</Value></Tag>"


@pytest.mark.parametrize(
    ("conditions", "form"),
    [
        ("<Prefix></Prefix>", {}),
        ("<Filter></Filter>", {}),
        ("<Filter><Prefix></Prefix></Filter>", {}),
        ("<Prefix>p</Prefix>", {"prefix": "p"}),
        ("<Filter><Prefix>p</Prefix></Filter>", {"prefix": "p"}),
        (f"<Filter>{tag('k')}</Filter>", {"tags": {"k": "v"}}),
        (f"<Filter><And><Prefix>p</Prefix>{tag('k')}</And></Filter>", {"prefix": "p", "tags": {"k": "v"}}),
        # 16.2.15, which leaves And out for one tag, and puts the prefix beside it for two.
        (f"<Filter><Prefix>p</Prefix>{tag('k')}</Filter>", {"prefix": "p", "tags": {"k": "v"}}),
        (
            f"<Filter><Prefix>p</Prefix><And>{tag('k')}{tag('l')}</And></Filter>",
            {"prefix": "p", "tags": {"k": "v", "l": "v"}},
        ),
        ("<Filter><ArchiveZone></ArchiveZone></Filter>", {"archive_zone": True}),
        (
            "<Filter><And><Prefix>p</Prefix><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And></Filter>",
            {"prefix": "p", "object_size_greater_than": 1},
        ),
    ],
)
def test_conditions_of_answers(conditions, form):
    wanted = {**RULE, **form}
    assert stored("lifecycle", answer(rule(conditions))) == settled("lifecycle", [wanted])


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("<Expiration><Date>2030-01-31T00:00:00.000Z</Date></Expiration>", {"expiration_date": "2030-01-31"}),
        ("<Expiration><Date>2030-01-31T00:00:00Z</Date></Expiration>", {"expiration_date": "2030-01-31"}),
        (
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            {"expired_object_delete_marker": True},
        ),
        (
            "<NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>",
            {"noncurrent_version_expiration_days": 3},
        ),
        (
            "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
            "</AbortIncompleteMultipartUpload>",
            {"abort_incomplete_multipart_upload_days": 7},
        ),
        (
            "<Transition><Days>9</Days><StorageClass>ICE</StorageClass></Transition>"
            "<Transition><Date>2030-01-31T00:00:00.000Z</Date><StorageClass>COLD</StorageClass></Transition>",
            {"transitions": [{"storage_class": "COLD", "date": "2030-01-31"}, {"storage_class": "ICE", "days": 9}]},
        ),
        (
            "<NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays><StorageClass>COLD</StorageClass>"
            "</NoncurrentVersionTransition>",
            {"noncurrent_version_transitions": [{"storage_class": "COLD", "days": 3}]},
        ),
    ],
)
def test_actions_of_answers(action, form):
    found = stored("lifecycle", answer(rule("<Prefix></Prefix>", action)))
    assert found == [{"id": "a", "enabled": True, **form}]
    comes_back("lifecycle", found)


def test_everything_that_a_rule_can_say_comes_back():
    comes_back("lifecycle", [FULL])
    comes_back("lifecycle", [{**RULE, "abort_incomplete_multipart_upload_days": 7}, FULL])


def test_the_order_of_rules_says_nothing():
    other = {"id": "b", "prefix": "x", "abort_incomplete_multipart_upload_days": 7}
    assert settled("lifecycle", [RULE, other]) == settled("lifecycle", [other, RULE])
    bodies = {DOCUMENTS["lifecycle"].body(settled("lifecycle", rules)) for rules in ([RULE, other], [other, RULE])}
    assert len(bodies) == 1


def test_several_conditions_stand_within_and():
    body = DOCUMENTS["lifecycle"].body(settled("lifecycle", [{**RULE, "prefix": "p", "tags": {"k": "v"}}])).decode()
    assert "<Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>" in body
    assert b"<Filter><Prefix /></Filter>" in DOCUMENTS["lifecycle"].body(settled("lifecycle", [RULE]))


def test_null_in_a_rule_is_not_mentioned():
    assert settled("lifecycle", [{**RULE, "prefix": None, "tags": None}]) == settled("lifecycle", [RULE])


def test_storage_classes():
    assert storage_classes(settled("lifecycle", [RULE, FULL])) == {"COLD", "ICE"}


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        ({"id": None}, "", "id is missing"),
        ({"id": "ü" * 128}, ".id", "256 bytes of UTF-8, and RGW takes 255"),
        ({"id": 5}, ".id", "YAML reads 5 as a number"),
        ({"days": 3}, "", "nothing is known of 'days'"),
        ({"expiration_days": 0}, ".expiration_days", "has to be 1 to"),
        ({"expiration_days": "soon"}, ".expiration_days", "'soon', and it has to be a whole number"),
        ({"expiration_days": None}, "", "a rule that does nothing"),
        ({"expiration_date": "2030-01-31"}, "", "expiration_days and expiration_date"),
        ({"expiration_days": None, "expiration_date": "2030-01-31T12:00:00Z"}, ".expiration_date", "such as '2030"),
        ({"newer_noncurrent_versions": 3}, ".newer_noncurrent_versions", "goes with noncurrent_version_expiration"),
        ({"object_size_greater_than": 5, "object_size_less_than": 5}, ".object_size_less_than", "more than 5"),
        ({"tags": {"k": 1}}, ".tags.k", "YAML reads 1 as a number"),
        ({"tags": {str(index): "" for index in range(11)}}, ".tags", "S3 takes 10 at most"),
        ({"tags": {"k": "v"}, "abort_incomplete_multipart_upload_days": 1}, "", "S3 takes no abort_incomplete"),
        (
            {"tags": {"k": "v"}, "expiration_days": None, "expired_object_delete_marker": True},
            "",
            "S3 takes no expired_object_delete_marker",
        ),
        ({"transitions": [{"storage_class": "COLD", "days": 30}]}, ".expiration_days", "has to be more than 30"),
        ({"transitions": [{"days": 3}]}, ".transitions[0]", "storage_class is missing"),
        ({"transitions": [{"storage_class": "COLD"}]}, ".transitions[0]", "none of days, date"),
        ({"transitions": [{"storage_class": "C", "days": 1}] * 2}, ".transitions[1].storage_class", "given twice"),
        ({"noncurrent_version_transitions": [{"storage_class": "C", "date": "2030-01-01"}]}, "", "nothing is known"),
    ],
)
def test_what_is_refused(change, place, says):
    text = refusal("lifecycle", [{**RULE, **change}])
    assert text.startswith(f"buckets[3].lifecycle[0]{place}")
    assert says in text


def test_what_is_refused_of_all():
    assert "'a' is given twice, first at buckets[3].lifecycle[0].id" in refusal("lifecycle", [RULE, RULE])
    assert "S3 takes 1000" in refusal("lifecycle", [RULE] * 1001)
    assert "has to be a list" in refusal("lifecycle", RULE)
