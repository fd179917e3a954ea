# SPDX-License-Identifier: Apache-2.0
"""Which options of Keystone a release of Ceph has. `radosgw --show-config` of 14.2.21, 16.2.15, 18.2.7 and 20.2.4."""

from __future__ import annotations

# Releases up to the last one speak v2.0 unless they are told; the next one seen (20) has v3 only, and no such option.
API_VERSION = "rgw_keystone_api_version"
SEEN = (14, 16, 18, 20)
# The first and the last of the seen releases that have an option. All others are in each of them.
_SPANS = {API_VERSION: (14, 18)}
# Options that only some releases have, and without which the others do what is wanted.
OPTIONAL = frozenset((API_VERSION,))


def has_option(name: str, release: int) -> bool:
    """Whether a seen release has the option; a release between two seen ones counts as the older one.

    A release that is newer than all seen ones counts as the newest.
    """
    known = max((seen for seen in SEEN if seen <= release), default=SEEN[0])
    first, last = _SPANS.get(name, (SEEN[0], SEEN[-1]))
    return first <= known <= last
