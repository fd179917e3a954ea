# SPDX-License-Identifier: Apache-2.0
"""What the variables of gateways say about their entry in Keystone's catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...base.boolean import is_true
from ..catalogue import Gateway, swift_path
from ..options import with_defaults

_REGION = "RegionOne"


def catalogue_services(keystone: Mapping[str, Any], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The service with its public endpoint, as the module rgw_keystone_identity takes services; empty without a URL.

    keystone: rgw_gateway_keystone, whose first catalogue_urls is the public one. options: rgw_gateway_options.
    """
    one = with_defaults(keystone)
    if not one or not one["catalogue_urls"]:
        return []
    url = str(one["catalogue_urls"][0]).rstrip("/")
    gateway = Gateway([url], is_true(one["account_in_url"]), options.get("rgw_swift_url_prefix", "swift"))
    endpoint = {"region": one["region"] or _REGION, "url": f"{url}{swift_path(gateway, '%(project_id)s')}"}
    return [{"endpoints": [endpoint]}]
