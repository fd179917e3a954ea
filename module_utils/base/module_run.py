# SPDX-License-Identifier: Apache-2.0
"""How every module ends: with the result of its work, or with the one form that a failure has."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Protocol

from .errors import InputError, ToolError

_FILES = "Check the path, its permissions and the disk's free space."


class Module(Protocol):
    """What is needed of AnsibleModule."""

    def exit_json(self, **result: Any) -> Any:
        """Leave with the result."""

    def fail_json(self, msg: str, **details: Any) -> Any:
        """Leave with a failure."""


def run(module: Module, body: Callable[[], Mapping[str, Any]], task: str = "", **context: Any) -> None:
    """Leave the module with what `body` returns, or with a message and the documented key `failure`.

    task: what was not started when the input cannot be meant ("The copy of bucket x"). context: keys of every result.
    """
    try:
        result = body()
    except InputError as error:
        text = f"{task} was not started: {error}" if task else str(error)
        module.fail_json(msg=text, failure=error.as_dict(), **context)
    except ToolError as error:
        module.fail_json(msg=str(error), failure=error.as_dict(), **context)
    except OSError as error:
        told = _told(error)
        module.fail_json(msg=str(told), failure=told.as_dict(), **context)
    else:
        module.exit_json(**{"changed": False, **context, **result})


def _told(error: OSError) -> ToolError:
    """What the operating system refused: a file, or a connection, which has no name here."""
    said = error.strerror or str(error)
    if error.filename is not None:
        return ToolError("read or write", str(error.filename), said, _FILES)
    return ToolError("finish", "the task", f"{type(error).__name__}: {said}", "Check the service that the task uses.")
