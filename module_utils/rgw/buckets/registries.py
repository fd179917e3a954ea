# SPDX-License-Identifier: Apache-2.0
"""Buckets in which a Docker registry keeps its images: what must not be done to them, and how they are known.

A registry does not look whether its blobs are still there. An expiration takes away layers that images need, versions
keep what the garbage collector has removed, and both show when somebody pulls, weeks later. Only the rule that aborts
incomplete uploads is safe: it takes nothing that a registry has finished.
"""

from __future__ import annotations

from collections.abc import Callable

from ...s3.registry_folder import REGISTRY_FOLDER
from .listing import Listing
from .plan import Plan

_ABORT = "abort_incomplete_multipart_upload_days"
# What a rule has beside what it does.
_OTHERS = {"id", "enabled", "prefix"}
_VERSIONS = ("versioning", "object_lock", "versions_location")
# A registry with a root directory has it at the top of the bucket. More folders than this are no bucket of a registry.
_MOST_FOLDERS = 100
# One page. Objects beside the folders stand in it, too.
_MOST_LISTED = 1000


def is_dangerous(plan: Plan) -> str:
    """What of a plan must not be done to a registry's bucket, as an option's name; empty if nothing."""
    if plan.exists and not plan.bucket.present:
        return "state"
    if plan.is_created and plan.bucket.wanted.get(("object_lock",), {}).get("enabled"):
        return "object_lock"  # which comes with the bucket, and brings versions
    for name in _VERSIONS:
        if (name,) in plan.changes:
            return name
    if ("lifecycle",) not in plan.changes:
        return ""
    old = plan.before.get(("lifecycle",), [])
    rules = [rule for rule in plan.changes["lifecycle",] if rule not in old]
    return "lifecycle" if any(set(rule) - _OTHERS != {_ABORT} for rule in rules) else ""


def holds_registry(listing: Callable[[str, int, str], Listing]) -> bool:
    """Whether a registry keeps its images in a bucket, in a folder of its own or not. Raises ToolError.

    listing: of the bucket, by prefix, number and delimiter.
    """
    if listing(REGISTRY_FOLDER, 1, "").objects:
        return True
    folders = listing("", _MOST_LISTED, "/").folders[:_MOST_FOLDERS]
    return any(listing(folder + REGISTRY_FOLDER, 1, "").objects for folder in folders)


def refusal(option: str) -> str:
    """Why it is not done."""
    what = {
        "state": "the bucket is not removed",
        "lifecycle": "it gets no other lifecycle rule than one that aborts incomplete uploads "
        f"({_ABORT} alone, with a prefix at most)",
    }.get(option, f"its {option} does not change")
    return (
        f"{option}: a Docker registry keeps its images in this bucket, so {what}. To give the bucket up, remove the "
        "registry and its data first (registry_gc collects what no image needs)."
    )
