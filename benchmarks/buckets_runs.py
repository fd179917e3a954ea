# SPDX-License-Identifier: Apache-2.0
"""Runs of the module rgw_buckets for many new buckets, and of a loop of the modules of amazon.aws for a few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from module_runs import ModuleRuns, new_name
from wire import Login

# What an entry asks for beside the bucket itself, and which of that the loop does, a task for each.
ASPECTS = ("quota", "policy", "lifecycle")
LOOP_ASPECTS = ("policy", "lifecycle")
LOOP_BUCKETS = 5
# Of the demo, for a policy that lets somebody else read.
READER = "demo"
RULE: dict[str, Any] = {"id": "scratch", "prefix": "tmp/", "expiration_days": 30}


class Buckets(ModuleRuns):
    """Buckets that nobody has made before, all of one owner, and the playbooks that make them.

    connection: the module's connection options. tree: the clone whose module runs. owner: the owner's key, which is
    named like the user.
    """

    def __init__(self, directory: Path, connection: dict[str, str], tree: Path, owner: Login, count: int) -> None:
        name = new_name("b")
        self.owner = owner
        self.entries = [entry(f"{name}-{n}", owner.user) for n in range(count)]
        listed = [entry(f"{name}-loop-{n}", owner.user) for n in range(LOOP_BUCKETS)]
        tasks = {"amazon_aws": loop(connection["endpoint"], listed)}
        super().__init__(directory / name, connection, tree, "rgw_buckets", "buckets", self.entries, tasks)

    def play_loop(self) -> float:
        """Run the loop of amazon.aws; the seconds it takes. Raises RunError."""
        keys = {"AWS_ACCESS_KEY_ID": self.owner.user, "AWS_SECRET_ACCESS_KEY": self.owner.secret}
        return self.play("amazon_aws", len(LOOP_ASPECTS), {**keys, "AWS_DEFAULT_REGION": "us-east-1"})


def entry(name: str, owner: str) -> dict[str, Any]:
    """A bucket in the words of the module; its sizes in bytes, as the floor wants them."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam:::user/{READER}"},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    return {
        "name": name,
        "owner": owner,
        "quota": {"max_size": 10 * 1024**3},
        "policy": {"Version": "2012-10-17", "Statement": [statement]},
        "lifecycle": [RULE],
    }


def loop(endpoint: str, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tasks that bring about what amazon.aws can of these entries, as its documentation has it: a task an aspect.

    Quotas are RGW's own; amazon.aws has nothing for them.
    """
    shared = {"name": "{{ item.name }}", "endpoint_url": endpoint}
    rule = {"rule_id": RULE["id"], "prefix": RULE["prefix"], "expiration_days": RULE["expiration_days"]}
    tasks = [
        {"amazon.aws.s3_bucket": {**shared, "ceph": True, "policy": "{{ item.policy }}"}},
        {"community.aws.s3_lifecycle": {**shared, **rule}},
    ]
    short = [{"name": each["name"], "policy": each["policy"]} for each in listed]
    return [{**task, "loop": short, "loop_control": {"label": "{{ item.name }}"}} for task in tasks]
