# SPDX-License-Identifier: Apache-2.0
"""How a module ends: with its result, or with a message and the key `failure`, whatever was raised."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.module_run import run


class Module:
    """Keeps what it is left with."""

    def exit_json(self, **result):
        self.result = result

    def fail_json(self, msg, **details):
        self.result = {"failed": True, "msg": msg, **details}


def ended(body, *task, **context):
    module = Module()
    run(module, body, *task, **context)
    return module.result


def raising(error):
    def body():
        raise error

    return body


def test_a_result_is_no_change_unless_it_says_so():
    assert ended(lambda: {"found": 1}, url="u") == {"changed": False, "found": 1, "url": "u"}
    assert ended(lambda: {"changed": True})["changed"] is True


@pytest.mark.parametrize(
    ("error", "msg", "target"),
    [
        (InputError("port is 0"), "The probe was not started: port is 0", "the given parameters"),
        (ToolError("read", "user 'x'", "NoSuchUser", "Check it.", 404), "HTTP 404 NoSuchUser. Check it.", "user 'x'"),
        (
            FileNotFoundError(2, "No such file or directory", "/no/file"),
            "read or write /no/file: No such file",
            "/no/file",
        ),
        (ConnectionResetError("reset by docker"), "finish the task: ConnectionResetError: reset by docker", "the task"),
    ],
)
def test_what_was_raised_is_told_in_one_form(error, msg, target):
    result = ended(raising(error), "The probe", url="u")
    assert result["failed"] and msg in result["msg"] and result["url"] == "u"
    assert result["failure"]["target"] == target
    assert set(result["failure"]) == {"operation", "target", "status", "code", "hint"}


def test_what_nobody_foresaw_stays_a_traceback():
    with pytest.raises(KeyError):
        ended(raising(KeyError("x")))
