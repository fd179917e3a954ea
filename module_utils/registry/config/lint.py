# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's config.yml that exists already."""

from __future__ import annotations

import os
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from ...base.findings import Finding
from .environment import Overlaid, overlaid
from .finding import FATAL, PANICS, Fault, found
from .outbound import storage_by_proxy
from .schema_storage import DRIVERS
from .validator import refused_as_read, validate
from .yaml import parse

# Where a configuration names files, and what becomes of a registry where they are missing (measured on 2.8.2).
_INVENTS_A_USER = "the registry makes a user docker and writes its random password to the log"
_FILES: Tuple[Tuple[str, str, str], ...] = (
    ("auth.htpasswd.path", _INVENTS_A_USER, "make it with htpasswd -B, or with the module registry_htpasswd"),
    ("auth.token.rootcertbundle", PANICS, "put the token server's certificates there"),
    ("http.tls.certificate", FATAL, "put the certificate there"),
    ("http.tls.key", FATAL, "put the certificate's key there"),
)


def lint(
    text: str, version: str, with_files: bool = False, environment: Optional[Mapping[str, str]] = None
) -> List[Finding]:
    """Findings in the text of a config.yml. with_files: also look whether the files that it names exist on this host.

    environment: the registry's, whose variables REGISTRY_* overrule the file. A finding has the line and column of its
    place, of what is missing those of the mapping that lacks it, or the name of the variable that has brought it about.
    Raises YamlMissing where PyYAML is missing.
    """
    parsed = parse(text)
    if parsed.config is None and parsed.findings:
        return parsed.findings
    environment = environment or {}
    laid = overlaid(parsed.config, environment, version) if environment else Overlaid(parsed.config, [], {})
    findings = validate(laid.config, version, set(laid.names), parsed.marks)
    findings = [_by_variable(finding, laid, parsed.config) for finding in findings]
    at = {finding.place for finding in findings}
    of_file = refused_as_read(parsed.config, version, parsed.marks) if environment else []
    proxied = [one._replace(variable=one.place) for one in storage_by_proxy(laid.config, environment, version)]
    files = (
        [_from(one, laid.variable_of(one.place)) for one in missing_files(laid.config, version)] if with_files else []
    )
    unseen = [finding for finding in of_file if finding.place not in at]
    everything = parsed.findings + laid.findings + unseen + findings + proxied + files
    return [finding if finding.variable else parsed.marks.at(finding.place).on(finding) for finding in everything]


def _from(finding: Finding, variable: str) -> Finding:
    """The finding with the variable that has brought it about, if one has: then no line of the file has."""
    what = f"{finding.what} (by {variable})"
    return finding._replace(what=what, variable=variable, line=0, column=0) if variable else finding


def _by_variable(finding: Finding, laid: Overlaid, of_file: Any) -> Finding:
    """The finding in words that tell how a variable has brought it about."""
    if finding.place == "storage" and "storage drivers" in finding.what:
        return _second_driver(finding, laid, of_file)
    if finding.place == "auth" and "access controllers" in finding.what and not _has_two(of_file):
        return finding._replace(effect="the registry takes any one of them, another one at another start")
    return _from(finding, laid.variable_of(finding.place))


def _has_two(of_file: Any) -> bool:
    """Whether the file itself has more than one access controller, which the registry refuses."""
    auth = of_file.get("auth") if isinstance(of_file, Mapping) else None
    return isinstance(auth, Mapping) and len(auth) > 1


def _second_driver(finding: Finding, laid: Overlaid, of_file: Any) -> Finding:
    """Of drivers that a variable has added the registry finds out late, and panics."""
    storage = of_file.get("storage") if isinstance(of_file, Mapping) else None
    there = storage if isinstance(storage, Mapping) else {storage: None}
    added = [path.split(".")[1] for path in laid.names if path.startswith("storage.")]
    added = [name for name in added if name not in there and name in DRIVERS]
    if not added:
        return finding
    fix = f"set REGISTRY_STORAGE={added[0]} too, which drops the driver of the file, or remove the variables"
    return finding._replace(effect=PANICS, remedy=fix)


def missing_files(config: Any, version: str) -> Iterator[Finding]:
    """Files that a configuration names and this host does not have; a registry in a container sees other files."""
    for place, effect, fix in _FILES:
        value = config
        for name in place.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value and not os.path.exists(value):
            yield found(place, Fault("no such file on this host", effect, fix), f"distribution {version}")
