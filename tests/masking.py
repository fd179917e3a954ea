# SPDX-License-Identifier: Apache-2.0
"""How secrets are struck: up to ansible-core 2.21 by the module itself, since 2.22 by all of Ansible.

There, a module tells the controller its secrets, and its log strikes them.
"""

from __future__ import annotations

try:
    from ansible.module_utils._internal._secrets import _secret_masker as masker
except ImportError:
    masker = None


def new_process() -> None:
    """Forget all secrets, as each process begins without any."""
    if masker:
        masker.__init__()


def struck(text: str) -> str:
    """The text as it leaves Ansible: what the module printed or logged, without the secrets that it told."""
    return masker.mask_string(text) if masker else text
