# SPDX-License-Identifier: Apache-2.0
"""Records of users as radosgw-admin can make them, for tests of what comes of them."""

from __future__ import annotations

import base64

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.text import from_bytes
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw import user_ratelimit as rgw_ratelimit
from hypothesis import strategies as st

# Arguments of radosgw-admin are bytes without NUL. RGW gives "$" and ":" a meaning of their own in names.
BYTES = st.binary(min_size=1, max_size=12).map(lambda content: from_bytes(content.replace(b"\0", b"0")))
WORD = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._@+=,-]{0,11}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
ANY = st.one_of(WORD, TEXT, BYTES)
NAME = st.one_of(WORD, WORD, WORD, ANY.map(lambda text: text.replace("$", "_").replace(":", "_")))
SECRET = st.one_of(st.from_regex(r"[!-~]{16,40}", fullmatch=True), ANY)
INT64 = st.integers(0, 2**63 - 1)
QUOTA = st.fixed_dictionaries(
    {
        "enabled": st.booleans(),
        "check_on_raw": st.booleans(),
        "max_size": st.one_of(st.just(-1), INT64),
        "max_objects": st.one_of(st.just(-1), INT64),
    }
)
PERMISSIONS = st.sampled_from(["<none>", "read", "write", "read-write", "full-control"])
LIMITS = st.fixed_dictionaries({**dict.fromkeys(rgw_ratelimit.LIMITS, INT64), "enabled": st.booleans()})


@st.composite
def records(draw):
    """The data of a record, as the gateway's JSON has it."""
    name = draw(NAME)
    uid = draw(st.sampled_from([name, f"t1${name}"]))
    subusers = draw(st.lists(NAME, max_size=3, unique=True))
    owners = st.sampled_from([uid, *(f"{uid}:{subuser}" for subuser in subusers)])
    data = {
        "user_id": uid,
        "display_name": draw(ANY),
        "email": draw(st.one_of(st.just(""), WORD.map(lambda word: f"{word}@x.org".lower()), ANY)),
        "suspended": draw(st.sampled_from([0, 1])),
        "max_buckets": draw(st.integers(-(2**31), 2**31 - 1)),
        "subusers": [{"id": f"{uid}:{subuser}", "permissions": draw(PERMISSIONS)} for subuser in subusers],
        "keys": [
            {"user": draw(owners), "access_key": key, "secret_key": draw(SECRET)}
            for key in draw(st.lists(NAME, max_size=3, unique=True))
        ],
        "swift_keys": [
            {"user": f"{uid}:{subuser}", "secret_key": draw(SECRET)}
            for subuser in draw(st.lists(st.sampled_from([*subusers, "gone"]), max_size=3, unique=True))
        ],
        "caps": [
            {"type": cap, "perm": draw(st.sampled_from(["read", "write", "*", "read, write"]))}
            for cap in draw(st.lists(st.sampled_from(["users", "buckets", "later"]), max_size=3, unique=True))
        ],
        "op_mask": draw(st.sampled_from(["read, write, delete", "read", "<none>", "write, delete"])),
        "system": draw(st.sampled_from(["true", True, False])),
        "default_placement": draw(st.sampled_from(["", "default-placement"])),
        "default_storage_class": draw(st.sampled_from(["", "STANDARD", "COLD"])),
        "placement_tags": draw(st.lists(ANY, max_size=2, unique=True)),
        "bucket_quota": draw(QUOTA),
        "user_quota": draw(QUOTA),
        "temp_url_keys": [
            {"key": key, "val": draw(SECRET)} for key in draw(st.lists(st.integers(0, 1), max_size=2, unique=True))
        ],
        "type": "rgw",
        "mfa_ids": draw(st.lists(WORD, max_size=1)),
    }
    limits = draw(st.one_of(st.none(), LIMITS))
    data["attrs"] = [{"key": rgw_ratelimit.ATTRIBUTE, "val": rgw_ratelimit.encode(limits, None)}] if limits else []
    policy = {"key": "user.rgw.user-policy", "val": base64.b64encode(b"{}").decode()}
    data["attrs"] += draw(st.sampled_from([[], [policy]]))
    return data


def told(path, note):
    """Whether a note tells of a part of a state, by the name that the part has, or else by its option."""
    if len(path) == 1 or path[0] in ("user_quota", "bucket_quota", "rate_limit"):
        return path[0] in note
    return f"'{path[1]}'" in note
