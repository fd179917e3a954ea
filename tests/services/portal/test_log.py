# SPDX-License-Identifier: Apache-2.0
"""What somebody else has chosen cannot look like a line of the portal's log."""

from __future__ import annotations

import logging

import pytest

from module_utils.base.errors import InputError, ToolError
from services.portal.backends.access import Access
from services.portal.problems import BackendRefused, Unavailable


class Client:
    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "error",
    [
        ToolError("remove", "AUTH_1/raw/x\nINFO portal: audit {'subject': 'eve'}", "Service Unavailable", "", 503),
        ToolError("remove", "AUTH_1/raw/x\r\x1b[2J\u2028\u202e", "Service Unavailable", "", 503),
        InputError("x\nINFO portal: audit {'subject': 'eve'}"),
    ],
    ids=["line", "controls", "input"],
)
def test_a_name_with_line_breaks_stays_in_its_line(error, caplog):
    def work(_client: Client) -> None:
        raise error

    with caplog.at_level(logging.ERROR), pytest.raises((Unavailable, BackendRefused)):
        Access(Client, "The storage").ask(work)
    (record,) = caplog.records
    assert record.getMessage().isprintable() and "\\" in record.getMessage()
