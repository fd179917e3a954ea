# SPDX-License-Identifier: Apache-2.0
"""The container's entrypoint: `python3 /opt/rgwkit/ceph_demo demo`."""

import os
import sys

# Python puts this directory first in sys.path when it runs a directory; the modules are imported by the package's name.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from ceph_demo import demo  # noqa: E402

sys.exit(demo.main(sys.argv[1:]))
