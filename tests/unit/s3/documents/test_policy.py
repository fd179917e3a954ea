# SPDX-License-Identifier: Apache-2.0
"""A policy is compared by what it says, and what RGW would take and not apply is refused."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.policy import (
    IDENTITY,
    TRUST,
    BucketName,
    Principal,
    actions,
    json_of_policy,
    policy_of,
    principals,
    resources,
    stored_policy,
)

from .forms import SETTING, TARGET, comes_back, refusal, settled, stored

ARN = "arn:aws:s3:::bucket/*"
STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ARN}


def policy(*changes, **parts):
    return {"Version": "2012-10-17", "Statement": [{**STATEMENT, **change} for change in changes or ({},)], **parts}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (policy(), json.dumps(policy(), indent=3)),
        (policy(), {**policy(), "Statement": STATEMENT}),
        (policy(), policy({}, {})),
        (policy(), policy({"Action": ["s3:getobject"], "Resource": [ARN, ARN]})),
        (policy(), policy({"Principal": {"AWS": "*"}})),
        (policy(), policy({"Principal": {"AWS": ["*", "arn:aws:iam:::user/u"]}})),
        (policy({"Principal": {"AWS": "t"}}), policy({"Principal": {"AWS": ["arn:aws:iam::t:root"]}})),
        (policy({"Sid": "a"}, {"Sid": "b"}), policy({"Sid": "b"}, {"Sid": "a"})),
        (policy(), policy({"Resource": "arn:aws:s3::tenant:bucket/*"})),
        (policy(), policy({"Resource": "arn:aws:s3::*:bucket/*"})),
        (policy(), policy({"Condition": {}, "Sid": ""})),
        (
            policy({"Condition": {"Bool": {"aws:SecureTransport": False}, "NumericLessThan": {"s3:max-keys": 5}}}),
            policy(
                {"Condition": {"NumericLessThan": {"s3:max-keys": ["5"]}, "Bool": {"aws:SecureTransport": "false"}}}
            ),
        ),
        (policy(Version="2008-10-17"), {"Statement": STATEMENT}),
    ],
)
def test_what_says_the_same_has_one_form(one, other):
    assert settled("policy", one) == settled("policy", other)
    comes_back("policy", one)


@pytest.mark.parametrize(
    "other",
    [
        policy(Version="2008-10-17"),
        policy({"Effect": "Deny"}),
        policy({"Principal": {"AWS": "arn:aws:iam:::user/u"}}),
        policy({"Action": "s3:PutObject"}),
        policy({"Resource": "arn:aws:s3:::bucket"}),
        policy({"Sid": "a"}),
        policy(Id="x"),
    ],
)
def test_what_says_something_else_has_another(other):
    assert settled("policy", policy()) != settled("policy", other)


def test_the_gateway_gives_the_text_back_that_it_was_given():
    text = json.dumps(policy({"Resource": [ARN], "Principal": {"AWS": ["*"]}}), indent=2)
    assert stored("policy", text) == settled("policy", policy())
    assert stored("policy", DOCUMENTS["policy"].body(settled("policy", policy()))) == settled("policy", policy())


@pytest.mark.parametrize(
    "loose",
    [
        {},
        {"Statement": []},
        policy({"Effect": "Deny", "Principal": {"CanonicalUser": "u"}}),
        policy({"Principal": {"AWS": []}}),
        policy({"Principal": {"AWS": "arn:aws:iam:::group/x"}, "Action": "iam:PutUserPolicy", "Resource": "*"}),
        {"Statement": [{"Effect": "Allow"}]},
        {"Statement": [{"Action": "s3:GetObject"}]},
        policy({"Sid": "a"}, {"Sid": "a", "Action": "s3:PutObject"}),
    ],
)
def test_what_rgw_has_taken_from_others_is_understood(loose):
    form = stored("policy", json.dumps(loose))
    assert form["Version"] in ("2008-10-17", "2012-10-17")
    assert stored("policy", DOCUMENTS["policy"].body(form)) == form


@pytest.mark.parametrize("body", ["[]", '{"Statement": 5}', '{"Unknown": 1}', "nonsense", '{"Statement": [5]}'])
def test_what_is_no_policy_is_an_error(body):
    with pytest.raises(ToolError, match="understand policy of"):
        DOCUMENTS["policy"].answered(200, body.encode(), TARGET)


def test_of_whom_and_of_what_it_tells():
    form = settled(
        "policy",
        policy(
            {"Principal": {"AWS": ["arn:aws:iam:::user/u", "arn:aws:iam::t:user/v/w", "t2", "arn:aws:iam:::role/r"]}},
            {"Principal": "*", "Effect": "Deny", "Action": ["s3:Put*"], "Resource": ["arn:aws:s3:::other*", "*"]},
        ),
    )
    assert principals(form) == [
        Principal("everyone", "", "*"),
        Principal("role", "", "r"),
        Principal("tenant", "t2", ""),
        Principal("user", "", "u"),
        Principal("user", "t", "v/w"),
    ]
    assert resources(form) == [BucketName("", "*"), BucketName("tenant", "bucket"), BucketName("tenant", "other*")]
    assert actions(form) == ["s3:GetObject", "s3:Put*"]
    assert (principals({}), resources({}), actions({})) == ([], [], [])


def test_without_a_tenant_arns_stay_as_they_are():
    form = settled("policy", policy(), SETTING._replace(owner="owner"))
    assert form["Statement"][0]["Resource"] == [ARN]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("{", "a text that is no JSON"),
        (5, "has to be a mapping"),
        (policy(Other=1), "nothing is known of 'Other'"),
        (policy(Version="2020-01-01"), ".Version: '2020-01-01'"),
        ({"Version": "2012-10-17"}, ".Statement: None; give a list"),
        ({"Statement": []}, ".Statement: []; give a list"),
        (policy({"Effect": "allow"}), ".Statement[0].Effect: 'allow'"),
        (policy({"Principal": None}), "give one of Principal and NotPrincipal"),
        (policy({"NotAction": "s3:PutObject"}), "give one of Action and NotAction"),
        (policy({"Resource": None}), "give one of Resource and NotResource"),
        (policy({"Principal": "u"}), "'u'; give '*', or a mapping"),
        (policy({"Principal": {"CanonicalUser": "u"}}), "'CanonicalUser'; RGW knows AWS and Federated"),
        (policy({"Principal": {"AWS": "arn:aws:iam:::group/g"}}), "RGW knows '*', arn:aws:iam::TENANT:user/UID"),
        (policy({"Principal": {"AWS": []}}), "give a text or a list of texts"),
        (policy({"Action": "s3:GetObjekt"}), "which no RGW from 14 to 20 knows"),
        (policy({"Action": "iam:PutUserPolicy"}), "tells of actions of S3"),
        (policy({"Action": 5}), "give a text or a list of texts"),
        (policy({"Resource": "bucket"}), "a bucket's ARN is like"),
        (policy({"Resource": "arn:aws:sns:::t"}), "a bucket's ARN is like"),
        (policy({"Condition": {"StringIs": {"a": "b"}}}), "does not know the operator 'StringIs'"),
        (policy({"Condition": {"Bool": "x"}}), "give a mapping of keys to values"),
        (policy({"Condition": {"Bool": {"x": None}}}), "give texts, numbers or booleans"),
        (policy({"Condition": []}), "has to be a mapping"),
        (policy({"Sid": "a"}, {"Sid": "a", "Effect": "Deny"}), "the Sid 'a' is given twice"),
        (policy({"Resource": [f"{ARN}{index:0100}" for index in range(200)]}), "S3 takes 20480"),
        ("[" * 100 + "]" * 100, "nested more than"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("policy", data)


@pytest.mark.parametrize(
    "operator", ["StringLikeIfExists", "ForAnyValue:StringEquals", "ArnLike", "Null", "DateLessThan"]
)
def test_operators_that_rgw_takes(operator):
    comes_back("policy", policy({"Condition": {operator: {"aws:x": ["b", "a"]}}}))


@pytest.mark.parametrize(
    ("kind", "statement", "said"),
    [
        (IDENTITY, {"Action": "s3:GetObject"}, "give one of Resource and NotResource"),
        (IDENTITY, {"Action": "s3:GetObject", "Resource": "*", "Principal": "*"}, "has none"),
        (IDENTITY, {"Action": "s3:NoSuch", "Resource": "*"}, "no RGW from 14 to 20 knows"),
        (IDENTITY, {"Action": "ec2:Run", "Resource": "*"}, "tells of actions of S3 and IAM and STS and SNS"),
        (TRUST, {"Action": "sts:AssumeRole"}, "give one of Principal"),
        (TRUST, {"Action": "sts:AssumeRole", "Principal": "*", "Resource": "*"}, "a trust policy has none"),
        (TRUST, {"Action": "s3:GetObject", "Principal": "*"}, "as in sts:AssumeRole"),
    ],
)
def test_what_policies_in_other_places_have(kind, statement, said):
    with pytest.raises(InputError, match=said):
        policy_of({"Statement": [{"Effect": "Allow", **statement}]}, "place", kind)


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        (IDENTITY, {"Action": ["s3:GetObject", "iam:ListUsers"], "Resource": "*"}),
        (TRUST, {"Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::RGW00000000000000001:user/ada"}}),
    ],
)
def test_a_policy_is_the_same_after_the_way_through_a_gateway(kind, statement):
    canonical = policy_of({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}}, "place", kind)
    assert stored_policy(json_of_policy(canonical), kind) == canonical
