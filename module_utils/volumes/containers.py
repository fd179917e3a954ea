# SPDX-License-Identifier: Apache-2.0
"""The swift containers behind volumes, with the key of the subuser that the volume driver has, too."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Tuple

from ..base.errors import ToolError
from ..base.login import Login
from ..rgw.admin_session import AdminSession
from ..rgw.buckets.containers import headers, read_state
from ..rgw.buckets.swift_client import SwiftAccount, head_container, log_in, post_container, put_container

__all__ = ["Containers"]


class Containers:
    """The containers of one account. session: the connection to the gateway; subuser: who logs in, at the first call.

    All methods raise ToolError.
    """

    def __init__(self, session: AdminSession, subuser: Login) -> None:
        self._session, self._subuser = session, subuser
        self._account: Optional[SwiftAccount] = None

    @property
    def endpoint(self) -> str:
        """The gateway's address."""
        return str(self._session.endpoint)

    def metadata(self, name: str) -> Optional[Dict[str, str]]:
        """The metadata of a container, by names in lower case; None where there is no such container."""
        try:
            answer = head_container(self._session, self._logged_in(), name)
        except ToolError as error:
            if error.status == 404:
                return None
            raise
        return {path[1]: str(value) for path, value in read_state(answer.headers).items() if path[0] == "metadata"}

    def create(self, name: str) -> None:
        """Create a container; one that exists stays as it is."""
        put_container(self._session, self._logged_in(), name, "")

    def write_metadata(self, name: str, metadata: Mapping[str, str]) -> None:
        """Write these metadata, and remove those whose value is empty. All others stay."""
        changes: Dict[Tuple[str, ...], str] = {("metadata", field): value for field, value in metadata.items()}
        post_container(self._session, self._logged_in(), name, headers(changes))

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _logged_in(self) -> SwiftAccount:
        if self._account is None:
            try:
                self._account = log_in(self._session, self._subuser)
            except ToolError as error:
                if error.status not in (401, 403):
                    raise
                hint = "The gateway knows no such subuser, or another key of it. Compare: radosgw-admin user info"
                raise ToolError(error.operation, error.target, error.code, hint, error.status) from error
        return self._account
