#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: buckets of a Ceph Object Gateway, with what S3 keeps beside their objects."""

from __future__ import annotations

DOCUMENTATION = r"""
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

from collections.abc import Sequence

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.garbage import not_searched
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.mentioned import by_option_names, mentioned
from ..module_utils.base.module_run import run
from ..module_utils.ceph.tool_options import prefix_of
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.buckets.client import BucketClient
from ..module_utils.rgw.buckets.options import BUCKET_NUMBERS, BUCKET_OPTIONS, RADOSGW_ADMIN_OPTIONS
from ..module_utils.rgw.buckets.ownership import Chown
from ..module_utils.rgw.buckets.reconcile import Outcome, first_outcomes, reconcile
from ..module_utils.rgw.buckets.report import report, summary
from ..module_utils.rgw.buckets.spec import parse_buckets
from ..module_utils.rgw.connection_options import (
    CONNECTION_OPTIONS,
    CONNECTION_SECRETS,
    connect_as,
    workers,
)

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "gateway_to_be_made": {"type": "bool", "default": False},
    "return_details": {"type": "str", "choices": ["all", "changed"], "default": "all"},
    "radosgw_admin": {"type": "dict", "options": RADOSGW_ADMIN_OPTIONS},
    "registry_buckets": {"type": "list", "elements": "str", "default": []},
    "buckets": {"type": "list", "elements": "dict", "required": True, "options": BUCKET_OPTIONS},
}
OPTIONS = {
    "argument_spec": ARGUMENT_SPEC,
    "numbers": BUCKET_NUMBERS,
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def unasked(endpoint: str, outcomes: Sequence[Outcome]) -> str:
    """The warning about a plan for a gateway that does not exist yet."""
    count = sum(outcome.plan.changed for outcome in outcomes)
    return (
        f"There is no gateway at {without_login(endpoint)} yet, so no request was sent. Of {len(outcomes)} buckets, "
        f"{count} would be created. "
        "Errors that only a gateway can detect, such as an unknown owner, appear once the gateway exists."
    )


def chown_of(params: dict) -> Chown | None:
    """What hands objects over, for the module's parameters; None where radosgw-admin is not at hand."""
    tool = params["radosgw_admin"]
    return None if tool is None else Chown(prefix_of(tool), tool["timeout"])


def reach(module: CensoredModule) -> dict:
    """Make the buckets what they are declared to be; the module's result."""
    params = module.params
    # Ansible returns the parameters with the result. Thousands of entries, with all their nulls, serve nobody there.
    filled_in = params.pop("buckets")
    given = by_option_names(module.given["buckets"], BUCKET_OPTIONS)
    buckets = parse_buckets(mentioned(filled_in, given), params["registry_buckets"])
    if module.check_mode and params["gateway_to_be_made"]:
        outcomes = first_outcomes(buckets)
        module.warn(unasked(params["endpoint"], outcomes))
    else:
        outcomes = reconcile(
            lambda: connect_as(BucketClient, params), buckets, module.check_mode, workers(params), chown_of(params)
        )
    sentence = summary(outcomes, without_login(params["endpoint"]), module.check_mode)
    told = report(outcomes, module._diff, details_of_all=params["return_details"] == "all")
    return {**told, "summary": sentence}


def main() -> None:
    with not_searched():
        module = CensoredModule(**OPTIONS)
        end_by_exception()
        run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
