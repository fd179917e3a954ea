# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's config.yml that exists already."""

from __future__ import annotations

import os
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from .registry_environment import Overlaid, overlaid
from .registry_finding import FATAL, PANICS, Fault, Finding, found
from .registry_validator import validate
from .registry_yaml import parse

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

    environment: the registry's, whose variables REGISTRY_* overrule the file. Raises RuntimeError where PyYAML is
    missing.
    """
    parsed = parse(text)
    if parsed.config is None and parsed.findings:
        return parsed.findings
    laid = overlaid(parsed.config, environment, version) if environment else Overlaid(parsed.config, [])
    files = list(missing_files(laid.config, version)) if with_files else []
    return parsed.findings + laid.findings + validate(laid.config, version) + files


def missing_files(config: Any, version: str) -> Iterator[Finding]:
    """Files that a configuration names and this host does not have; a registry in a container sees other files."""
    for place, effect, fix in _FILES:
        value = config
        for name in place.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value and not os.path.exists(value):
            yield found(place, Fault("no such file on this host", effect, fix), f"distribution {version}")
