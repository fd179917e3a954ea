# SPDX-License-Identifier: Apache-2.0
"""Print for each configuration why no portal can be made of it. Run in the portal's environment."""

from __future__ import annotations

import sys

from module_utils.base.errors import InputError
from services.portal.application import application
from services.portal.config import load

for path in sys.argv[1:]:
    try:
        application(load(path))
        print("nothing is wrong")
    except InputError as error:
        print(error)
