# SPDX-License-Identifier: Apache-2.0
"""Names as the API server of Kubernetes takes them.

Source: Kubernetes, "Object Names and IDs"; k8s.io/apimachinery 1.37, pkg/util/validation. All raise InputError.
"""

from __future__ import annotations

import re

from ..base.errors import InputError

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LONGEST_LABEL = 63
_LONGEST_SUBDOMAIN = 253


def label(what: str, name: str, starts_with_letter: bool = False) -> str:
    """The name of a namespace (RFC 1123 label), or of a Service (RFC 1035), which begins with a letter."""
    if _is_label(name) and not (starts_with_letter and name[0].isdigit()):
        return name
    begin = "a letter" if starts_with_letter else "a letter or digit"
    raise InputError(
        f"{what}: Kubernetes refuses the name '{name}'. Next: use at most {_LONGEST_LABEL} lower-case letters, digits "
        f"and '-', with {begin} first and no '-' last"
    )


def is_subdomain(name: str) -> bool:
    """Whether an object of most kinds may have the name, and whether the name is that of a host (RFC 1123)."""
    return len(name) <= _LONGEST_SUBDOMAIN and all(map(_is_label, name.split(".")))


def _is_label(name: str) -> bool:
    return len(name) <= _LONGEST_LABEL and bool(_LABEL.fullmatch(name))
