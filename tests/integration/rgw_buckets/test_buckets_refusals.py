# SPDX-License-Identifier: Apache-2.0
"""What RGW takes and should not, and what it refuses too late: each is refused before anything is written."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets import releases

SHUT = {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}


@pytest.mark.parametrize(
    "options, words",
    [
        ({"owner": "nobody-at-all"}, "no user 'nobody-at-all'"),
        ({"placement": "fast"}, "no placement target 'fast'"),
        ({"storage_class": "COLD"}, "no storage class 'COLD'"),
        ({"quota": {"max_size": 0}}, "every PUT would be refused"),
        ({"quota": {"max_size": 1000}}, "no whole KiB"),
        (
            {"lifecycle": [{"id": "a", "transitions": [{"days": 1, "storage_class": "NOPE"}]}]},
            "no storage class 'NOPE'",
        ),
        ({"acl": [{"user": "nobody-at-all", "permissions": "read"}]}, "no user 'nobody-at-all'"),
        ({"name": "Upper"}, "lower-case letters"),
        ({"name": "1.2.3.4"}, "IPv4"),
    ],
)
def test_refused_before_anything_is_sent(module, owner, name, options, words):
    good = {"name": f"{name}-good", "owner": owner.uid}
    result = module(good, {"name": name, "owner": owner.uid, **options})
    assert words in result["msg"] and result["msg"].startswith("buckets[1] ")
    assert owner("HEAD", f"/{name}-good").status_code == 404


def policy(name, **statement):
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **statement}]}


def test_policies(module, owner, name):
    def refused(**statement):
        return module({"name": name, "owner": owner.uid, "policy": policy(name, **statement)})["msg"]

    own = f"arn:aws:s3:::{name}/*"
    assert "is not this bucket" in refused(Resource="arn:aws:s3:::another/*")
    assert "no user 'zz'" in refused(Resource=own, Principal={"AWS": "arn:aws:iam:::user/zz"})
    assert "no RGW from 14 to 20 knows" in refused(Resource=own, Action="s3:NoSuchAction")
    assert "nobody change the policy" in refused(Resource=f"arn:aws:s3:::{name}", **SHUT)


def test_the_owner_is_shut_out_by_a_policy_and_let_in_again(module, release, owner, name):
    """The fact behind the refusal: up to 18, RGW lets not even the owner read or remove such a policy."""
    module({"name": name, "owner": owner.uid})
    owner.put(name, "k")
    document = json.dumps(policy(name, **SHUT, Resource=[f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]))
    assert owner("PUT", f"/{name}", {"policy": ""}, document.encode()).status_code in (200, 204)
    for method in ("GET", "DELETE") if release < 20 else ():
        assert owner(method, f"/{name}", {"policy": ""}).status_code == 403
    assert owner("GET", f"/{name}", {"acl": ""}).status_code == 403
    assert owner.get(name, "k") == 403
    assert module({"name": name, "policy": None}, check=True)["changed"]
    assert [module({"name": name, "policy": None})["changed"] for _run in range(2)] == [True, False]
    assert owner.get(name, "k") == 200


def test_a_suspended_owner(gateway, module, name):
    away = gateway.add_user("away")
    module({"name": name, "owner": away.uid})
    gateway.radosgw_admin("user", "suspend", f"--uid={away.uid}")
    assert "is suspended" in module({"name": name, "policy": None})["msg"]
    assert module({"name": name, "quota": {"max_objects": 1}})["changed"]  # needs nobody


def test_object_lock_is_for_new_buckets(module, owner, name):
    module({"name": name, "owner": owner.uid})
    assert "created without" in module({"name": name, "object_lock": True})["msg"]


def test_a_bucket_of_another_owner(module, owner, other, name):
    module({"name": name, "owner": owner.uid})
    assert f"belongs to user '{owner.uid}'" in module({"name": name, "owner": other.uid})["msg"]


def test_encryption_without_a_back_end(module, release, owner, name):
    result = module({"name": name, "owner": owner.uid, "encryption": {"algorithm": "AES256"}})
    assert "encryption:" in result["msg"] and owner("HEAD", f"/{name}").status_code == 404
    if release > 16:
        assert "would refuse every PUT" in result["msg"]


def test_rate_limit(module, release, owner, name):
    entry = {"name": name, "owner": owner.uid, "rate_limit": {"max_read_ops": 600}}
    if release < 17:
        assert "needs Ceph 17" in module(entry)["msg"] and owner("HEAD", f"/{name}").status_code == 404
        return
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert [module({**entry, "rate_limit": None})["changed"] for _run in range(2)] == [True, False]


def test_a_filter_that_the_release_drops_costs_no_object(gateway, module, release, owner, name, monkeypatch):
    """community.aws.s3_lifecycle loses all objects of the bucket here on 16 and 18."""
    rule = {"id": "big", "prefix": "kept/", "expiration_days": 1, "object_size_greater_than": 1_000_000}
    control = {"id": "control", "prefix": "control/", "expiration_days": 1}
    old = [{"id": "none", "prefix": "none/", "expiration_days": 900}, control]
    new = [rule, control]
    entry = {"name": name, "owner": owner.uid, "lifecycle": old}
    module(entry)
    owner.put(name, "kept/small")
    owner.put(name, "control/k")
    if release < 20:
        assert "object_size_greater_than" in module({**entry, "lifecycle": new})["msg"]
    # And where nobody knew: what the gateway kept is seen, and the old rules are put back.
    monkeypatch.setattr(releases, "problems", lambda name, form, release: [])
    result = module({**entry, "lifecycle": new})
    if release < 20:
        assert result["failure"]["operation"] == "store"
        assert result["failure"]["differences"] == ["lifecycle['big'].object_size_greater_than: (none) -> 1000000"]
        assert not module(entry)["changed"]
    gateway.process_lifecycle_until_gone(owner, name, "control/k")
    assert owner.get(name, "kept/small") == 200
