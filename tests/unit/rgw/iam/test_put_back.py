# SPDX-License-Identifier: Apache-2.0
"""A gateway that takes a policy and keeps another one: the run says so, and puts back what was there."""

from __future__ import annotations

import json
from xml.etree.ElementTree import Element

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.iam.client import Root
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.iam.kinds import KINDS
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.iam.reconcile import Plan, _apply, plan_thing
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.iam.spec import parse_iam
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.markup import element

ROOT = Root("acme-root", Login("K", "S"), "RGW00000000000000001")


class Forgetful:
    """Keeps the policies of users, without what is in a Condition."""

    endpoint = "http://gateway"

    def __init__(self, forgets=True):
        self.users: dict[str, dict[str, str]] = {}
        self.forgets = forgets

    def ask(self, _root, _about, action, parameters) -> Element | None:
        its = self.users.get(parameters["UserName"])
        if its is None:
            return None
        return element("R", element("PolicyDocument", its[parameters["PolicyName"]]))

    def ask_all(self, _root, _about, action, parameters) -> list[Element]:
        its = self.users.get(parameters["UserName"])
        if its is None:
            return []
        names = element("PolicyNames", *(element("member", name) for name in its))
        return [element("R", element("User", element("Path", "/")), *([names] if action == "ListUserPolicies" else []))]

    def tell(self, _root, _operation, _about, action, parameters) -> None:
        name = parameters["UserName"]
        if action == "CreateUser":
            self.users[name] = {}
        elif action == "PutUserPolicy":
            policy = json.loads(parameters["PolicyDocument"])
            for statement in policy["Statement"] if self.forgets else ():
                statement.pop("Condition", None)
            self.users[name][parameters["PolicyName"]] = json.dumps(policy)
        elif action == "DeleteUserPolicy":
            del self.users[name][parameters["PolicyName"]]
        elif action == "DeleteUser":
            del self.users[name]


def policy(**more):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


CAREFUL = policy(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})


def run(gateway, document):
    (account,) = parse_iam([{"root": "acme-root", "users": [{"name": "ada", "policies": {"p": document}}]}])
    things = [plan_thing(thing, KINDS[thing.kind].read(gateway, ROOT, thing.name)) for thing in account.things]
    plan = Plan(account, ROOT, things)
    _apply(gateway, plan)
    return plan.changed


def test_what_is_kept_is_no_error():
    gateway = Forgetful(forgets=False)
    assert run(gateway, CAREFUL) and not run(gateway, CAREFUL)


def test_the_old_policy_is_put_back():
    gateway = Forgetful()
    run(gateway, policy())
    before = gateway.users["ada"]["p"]
    with pytest.raises(ToolError) as error:
        run(gateway, CAREFUL)
    assert "the gateway keeps something else (policies.p)" in str(error.value)
    assert "All is again what it was before" in str(error.value)
    assert gateway.users["ada"]["p"] == before


def test_a_user_that_was_made_for_it_goes_again():
    gateway = Forgetful()
    with pytest.raises(ToolError, match="All is again what it was before"):
        run(gateway, CAREFUL)
    assert gateway.users == {}
