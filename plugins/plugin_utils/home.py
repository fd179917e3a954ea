# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of an inventory, which marks everything that the toolkit creates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError


def inventory_home(templar: Any, variables: Mapping[str, Any]) -> str:
    """The variable rgwkit_home; without it, the real path of the inventory's folder or of the playbook's.

    Raises AnsibleLookupError if rgwkit_home contains a control character.
    """
    given = str(templar.template(variables.get("rgwkit_home")) or "")
    if not given.isprintable():
        raise AnsibleLookupError(
            "rgwkit_home contains a line break or another control character. Next: set a name or a path"
        )
    # With `-i host,` inventory_dir is not a path.
    folder = str(variables.get("inventory_dir"))
    return given or os.path.realpath(folder if os.path.isabs(folder) else variables["playbook_dir"])
