# SPDX-License-Identifier: Apache-2.0
"""A connection to the cluster: one librados handle instead of a `ceph` process (a quarter of a second) per command."""

import json
import os
from typing import Any

from ceph_demo import options
from ceph_demo.errors import DemoError

SECONDS = 30


class Cluster:
    """Connection to the cluster as client.admin; the monitor must be listening."""

    def __init__(self) -> None:
        # Imported here: the import takes a while, in which the monitor starts, and unit tests have no rados module.
        import rados

        self._error = rados.Error
        timeouts = {"rados_mon_op_timeout": str(SECONDS), "rados_osd_op_timeout": str(SECONDS)}
        try:
            self._rados = rados.Rados(conffile=options.CONF, name="client.admin", conf=timeouts)
            self._rados.connect(timeout=SECONDS)
        except rados.Error as error:
            raise DemoError(f"cannot connect to the monitor: {error}") from error

    def command(self, prefix: str, data: bytes = b"", **arguments: Any) -> bytes:
        """Send one command to the monitor and return the output; DemoError if the monitor refuses the command."""
        request = json.dumps(dict(arguments, prefix=prefix))
        code, output, status = self._rados.mon_command(request, data, timeout=SECONDS)
        if code != 0:
            raise DemoError(f"the monitor refused `{prefix}`: {status} ({os.strerror(-code)})")
        return bytes(output)

    def empty(self, pool: str) -> None:
        """Remove all objects of a pool."""
        try:
            # With the OSD map from the time of connecting, requests would go to OSDs that were killed before, and hang.
            self._rados.wait_for_latest_osdmap()
            with self._rados.open_ioctx(pool) as objects:
                for found in objects.list_objects():
                    objects.remove_object(found.key)
        except self._error as error:
            raise DemoError(f"cannot remove the objects of pool {pool}: {error}") from error

    def close(self) -> None:
        """Stop librados' threads."""
        self._rados.shutdown()
