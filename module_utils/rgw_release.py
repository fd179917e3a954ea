# SPDX-License-Identifier: Apache-2.0
"""What plans ask for and the gateway's release or zone does not have: found before anything is written.

A record that is written whole may hold all of it; the gateway keeps it and never looks at it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from .rgw_admin import AdminClient
from .rgw_errors import InputError
from .rgw_users import Plan


def check_release(client: AdminClient, plans: Sequence[Plan]) -> None:
    """Ask the gateway for each thing that a plan changes, once for all plans. Raises InputError, RgwError."""
    knows_cap = functools.lru_cache(maxsize=None)(client.knows_cap)
    knows_placement = functools.lru_cache(maxsize=None)(client.knows_placement)
    for plan in plans:
        where, changes = plan.user.where, plan.changes
        for path, value in changes.items():
            if path[0] == "caps" and value is not None and not knows_cap(path[1]):
                raise InputError(f"{where}: caps: the release of Ceph at {client.endpoint} does not know '{path[1]}'.")
            if path[0] == "rate_limit" and not knows_cap("ratelimit"):
                raise InputError(f"{where}: rate_limit: needs Ceph 17; {client.endpoint} is older.")
        placement = plan.after.get(("default_placement",), "")
        storage_class = plan.after.get(("default_storage_class",), "")
        asked = not changes.keys().isdisjoint({("default_placement",), ("default_storage_class",)})
        if asked and placement and not knows_placement(placement, storage_class):
            with_class = f" with storage class '{storage_class}'" if storage_class else ""
            raise InputError(
                f"{where}: default_placement: {client.endpoint} has no placement target '{placement}'{with_class}. "
                "See: radosgw-admin zonegroup placement list"
            )
