# SPDX-License-Identifier: Apache-2.0
"""The role's preflight and the application say the same of each value, so that no preflight lets a portal fall."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from module_utils.portal import rules
from module_utils.portal.host_portal import HostPortal
from services.portal.config import Settings
from tests.playbooks import PROJECT

ROLE_FOLDER = PROJECT / "roles" / "rgw_portal"
DEFAULTS = yaml.safe_load((ROLE_FOLDER / "defaults" / "main.yml").read_text())
ROLE = {name[len("rgw_portal_") :]: value for name, value in DEFAULTS.items()} | {
    "dir": "/etc/rgwkit/rgwkit-portal",
    "data_dir": "/var/lib/rgwkit/rgwkit-portal",
    "url": "https://portal.example.com",
    "user_groups": ["staff"],
    "oidc_issuer": "https://login.example.com",
    "proxy_addresses": ["10.0.0.1/32"],
    "proxy_secret_file": "/etc/rgwkit/secrets/proxy",
}
ENTRIES: dict[str, dict[str, Any]] = {
    "dummy": {"name": "one", "kind": "dummy"},
    "rgw": {"name": "one", "endpoint": "https://rgw.example.com", "access_key": "A", "secret_key_file": "/etc/secret"},
    "swift": {
        "name": "one",
        "kind": "swift",
        "endpoint": "https://swift.example.com",
        "keystone_url": "https://keystone.example.com:5000",
        "user": "portal",
        "password_file": "/etc/password",
        "project": "service",
        "domain": "storage",
    },
    "registry": {
        "name": "one",
        "url": "https://registry.example.com",
        "username": "me",
        "password_file": "/etc/password",
    },
}
BAD_URLS = ["", "host", "ftp://host", "https://", "https://host:99999", "https://host:0", "https://me:canary@host"]
BAD_URLS += ["https://host/?a=b", "https://host/#a", "https://two hosts"]
SERVER_URLS = (
    ["http://host", "https://host:65535", "https://[::1]:443", "https://host/", "https://host/a/b"],
    BAD_URLS,
)
SITE_URLS = (SERVER_URLS[0][:-1], [*BAD_URLS, "https://host/a"])
TEXTS = (["a", "a b"], [""])
PREFIXES = (["a", "A1._-", "1"], ["", "-x", "my portal", "a/"])
# Values that are fine, and values that are not.
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    "name": (["a", "a-1", "a" * 31], ["", "A", "1a", "a_b", "a" * 32, "a\n"]),
    "verdict_max_age_s": ([60, "3600", 366 * 86400], [5, 59, 0, -1, 366 * 86400 + 1, "soon"]),
    "endpoint": SERVER_URLS,
    "keystone_url": SERVER_URLS,
    "public_keystone_url": SERVER_URLS,
    "public_endpoint": SITE_URLS,
    "url": SITE_URLS,
    "timeout_s": ([0.1, 1, "10", 60], [0, -1, 1000, "soon", "nan"]),
    "purge_timeout_s": ([0.1, 3600], [0, -1, 3601]),
    "home": (["portal", "a" * 64, "-"], ["", "my portal", "a" * 65]),
    "uid_prefix": (PREFIXES[0] + ["a" * 31], PREFIXES[1] + ["a" * 32]),
    "project_prefix": (PREFIXES[0] + ["a" * 24], PREFIXES[1] + ["a" * 25]),
    "account_prefix": (["AUTH_", ""], ["AUTH_/", "a b"]),
    "prefix": (
        ["{project}/", "teams/{project}/", "{project}/x/"],
        ["", "{project}", "x{project}/", "/{project}/", "a/"],
    ),
    **dict.fromkeys(("access_key", "user", "user_domain", "project", "project_domain", "domain", "key_role"), TEXTS),
    "username": TEXTS,
    "max_bytes": ([1024, "2048", 2**62], [0, 1023, 1000001, -1024, 2**62 + 1024]),
    "max_objects": ([1, 2**62], [0, -1, 2**62 + 1]),
    "max_buckets": ([1, 1_000_000], [0, -1, 1_000_001]),
}
OF_ROLE: dict[str, tuple[list[Any], list[Any]]] = {
    "port": ([1, "8088", 65535], [0, -1, 65536, 99999]),
    "session_s": ([60, 7 * 86400], [59, 0, 7 * 86400 + 1]),
    "oidc_groups_claim": TEXTS,
    "oidc_issuer": (SERVER_URLS[0], SERVER_URLS[1][1:]),
    "url": (SITE_URLS[0], SITE_URLS[1][1:]),
    "oidc_algorithms": ([["RS256"], list(rules.ALGORITHMS)], [[], ["none"], ["HS256"], ["RS256", "rs256"]]),
    "proxy_addresses": ([["10.0.0.0/8"], ["::1"]], [["10.0.0.1/8"], ["proxy"], [""]]),
    "front_addresses": ([[], ["192.0.2.1/32", "2001:db8::/64"]], [["192.0.2.1/24"]]),
    "metrics_addresses": ([[], ["10.0.0.0/8"]], [["10.0.0.1/8"]]),
    "proxy_secret_header": (["X-Secret", "x_1"], ["", "X Secret", "X:Secret", "x-forwarded-user"]),
    "proxy_subject_header": (["X-User"], ["", "X User", "X-Forwarded-Groups"]),
    "proxy_groups_header": (["X-Groups"], ["", "X Groups\n", "X-Portal-Proxy-Secret"]),
    **{f"{name}_requests_per_minute": ([0, 1_000_000], [-1, 1_000_001]) for name in ("person", "address")},
    **{f"{name}_burst": ([1, 1_000_000], [0, 1_000_001]) for name in ("person", "address")},
}


def role_with(kind: str, option: str, value: Any) -> dict[str, Any]:
    """The role's variables with one option of an entry, of its limits, or of the role itself."""
    if kind == "role":
        return {**ROLE, "backends": [ENTRIES["dummy"]], option: value}
    entry = {**ENTRIES[kind], **({"limits": {option: value}} if option in rules.LIMITS else {option: value})}
    return {
        **ROLE,
        **({"backends": [ENTRIES["dummy"]], "registries": [entry]} if kind == "registry" else {"backends": [entry]}),
    }


def is_fine_for_both(role: dict[str, Any]) -> tuple[bool, bool]:
    """What the preflight says, and what the application says of the file that the role would write."""
    portal = HostPortal(role, "home")
    objections = portal.objections
    assert all("Next: " in one and "canary" not in one for one in objections)
    try:
        Settings.model_validate(json.loads(portal.config))
    except (ValidationError, ValueError):
        return not objections, False
    return not objections, True


def cases() -> list[tuple[str, str, Any, bool]]:
    options = {kind: ["name", *ruled] for kind, ruled in {**rules.BACKENDS, "registry": rules.REGISTRY}.items()}
    found = [(kind, option, VALUES[option]) for kind, names in options.items() for option in names]
    limits = [(kind, option) for kind in ("rgw", "swift", "dummy") for option in rules.LIMITS]
    found += [(kind, option, VALUES[option]) for kind, option in limits if (kind, option) != ("swift", "max_objects")]
    found += [("role", option, values) for option, values in OF_ROLE.items()]
    judged = [(kind, option, *zip([True, False], values)) for kind, option, values in found]
    return [
        (kind, option, value, fine) for kind, option, *sides in judged for fine, values in sides for value in values
    ]


@pytest.mark.parametrize(
    ("kind", "option", "value", "fine"), cases(), ids=lambda one: one if isinstance(one, str) else repr(one)
)
def test_preflight_and_application_agree(kind, option, value, fine):
    if kind == "swift" and option in ("endpoint", "keystone_url") and str(value).startswith("http://"):
        fine = False  # no TLS
    assert is_fine_for_both(role_with(kind, option, value)) == (fine, fine)


@pytest.mark.parametrize("name", sorted(rules.TAKEN_NAMES))
def test_no_back_end_has_the_name_of_a_path(name):
    assert is_fine_for_both(role_with("dummy", "name", name)) == (False, False)


@pytest.mark.parametrize("option", ["endpoint", "keystone_url"])
@pytest.mark.parametrize(
    ("url", "allowed", "fine"),
    [
        ("http://swift.example.com", False, False),
        ("http://swift.example.com", "no", False),
        ("http://swift.example.com", True, True),
        ("http://swift.example.com", "yes", True),
        ("http://127.0.0.1:8080", False, True),
    ],
)
def test_secrets_travel_without_tls_only_if_somebody_says_so(option, url, allowed, fine):
    role = {**ROLE, "backends": [{**ENTRIES["swift"], option: url, "allow_cleartext_secrets": allowed}]}
    assert is_fine_for_both(role) == (fine, fine)


@pytest.mark.parametrize("value", [None, 5])
def test_swift_has_no_limit_of_objects(value):
    assert is_fine_for_both(role_with("swift", "max_objects", value)) == (value is None, value is None)


def test_each_option_that_is_no_file_or_choice_has_a_rule():
    spec = yaml.safe_load((ROLE_FOLDER / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"][
        "options"
    ]
    others = {
        "kind",
        "ca_file",
        "secret_key_file",
        "password_file",
        "verdict_file",
        "allow_cleartext_secrets",
        "limits",
    }
    backends = spec["rgw_portal_backends"]["options"]
    assert set(backends) - others == {"name"}.union(*rules.BACKENDS.values())
    assert set(backends["limits"]["options"]) == set(rules.LIMITS)
    assert set(spec["rgw_portal_registries"]["options"]) - others == {"name", *rules.REGISTRY}
