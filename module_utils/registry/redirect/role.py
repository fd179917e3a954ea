# SPDX-License-Identifier: Apache-2.0
"""Redirects by the variables of the role registry. role: the variables, without `registry_` before their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..config.schema_redirect import redirects_to_rgw
from ..config.secrets import files_of
from ..config.sections import registry_sections

# Stands for the secret in its file, which only modules read.
_GIVEN = "given"


def redirect_faults(role: Mapping[str, Any]) -> list[str]:
    """Why redirects cannot work, as far as the variables show that."""
    if role["proxy"]:
        return ["registry_proxy makes the registry a mirror, and the proof of redirects pushes an image"]
    if role["storage"] not in ("swift", "s3"):
        return [f"registry_storage is {role['storage']}, which signs no URLs"]
    faults = []
    if role["redirect_clients"] and not role["redirect_url"]:
        faults.append("registry_redirect_url is not set, and registry_redirect_clients names hosts that need the URL")
    if role["storage"] == "swift" and not role["swift_temp_url_key_file"]:
        faults.append(
            "registry_swift_temp_url_key_file is not set, so the registry would make up a key of its own. Name the "
            "file of a key in temp_url_keys of rgw_users"
        )
    config = registry_sections(role, redirects=True)
    driver = config["storage"][role["storage"]]
    if isinstance(driver, dict) and role["storage"] == "swift":
        driver["secretkey"] = _GIVEN
    return [*faults, *(str(finding) for finding in redirects_to_rgw(config, str(role["version"])))]


def redirect_inputs(role: Mapping[str, Any]) -> dict[str, Any]:
    """All that a proof of redirects depends on, as far as the inventory says it; no secret is among them."""
    names = ("gateway_endpoint", "gateway_ca_file", "redirect_clients", "redirect_url", "redirect_ca_file", "names")
    config = registry_sections(role, redirects=True)
    return {
        "driver": config["storage"].get(role["storage"]),
        "tls": "tls" in config["http"],
        "secrets": {place: path for place, path in files_of(role).items() if place.startswith("storage.")},
        **{name: role[name] for name in names},
    }


def redirect_options(role: Mapping[str, Any]) -> dict[str, str]:
    """The option redirect of the module registry_probe, with the keys that tell why a signature is refused."""
    options = {"gateway": role["gateway_endpoint"], "ca_file": role["gateway_ca_file"]}
    if role["storage"] == "swift":
        options["temp_url_key_file"] = role["swift_temp_url_key_file"]
    else:
        options.update(s3_access_key=role["s3_accesskey"], s3_secret_key_file=role["s3_secret_file"])
    return {name: value for name, value in options.items() if value}
