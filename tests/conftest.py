# SPDX-License-Identifier: GPL-3.0-or-later
"""What unit and integration tests share: a module's own main(), run in this process."""

from __future__ import annotations

import json
import os
import signal
from types import ModuleType
from typing import Any, Callable

import pytest
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible.release import __version__
from hypothesis import HealthCheck, settings

from tests.masking import new_process, struck
from tests.returned import undocumented

# Tests that run plays read what became of single tasks, which the clone's own callback does not show.
os.environ.setdefault("ANSIBLE_STDOUT_CALLBACK", "default")

# How long an example takes says how busy the machine is, and nothing about what is tested.
settings.register_profile("rgwkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rgwkit")

CORE = tuple(int(number) for number in __version__.split(".")[:2])
RunModule = Callable[..., "dict[str, Any]"]


@pytest.fixture
def run_module(capsys: pytest.CaptureFixture[str]) -> RunModule:
    """Run a module with the given parameters (those that are None are left out); returns what Ansible would get.

    Fails for a result with a key that the module's RETURN does not document.
    """

    def run(module: ModuleType, check: bool = False, **params: Any) -> dict[str, Any]:
        given: dict[str, Any] = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_verbosity": 4}
        if CORE >= (2, 21):  # a module returns its parameters only if asked to
            given["_ansible_inject_invocation"] = True
        given.update((name, value) for name, value in params.items() if value is not None)
        # Each run has a process, and so warnings and secrets, of its own.
        warnings._global_warnings.clear()
        new_process()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
        with patch_module_args(given), pytest.raises(SystemExit):
            module.main()
        for number, handler in handlers.items():
            if signal.getsignal(number) != handler:  # a module may say how its process ends
                signal.signal(number, handler)
        output = capsys.readouterr()
        result: dict[str, Any] = json.loads(output.out)
        told = result.pop("_ansible_new_secrets", None)
        printed = struck(json.dumps(result)) if told else output.out
        missing = undocumented(module, result)
        assert not missing, f"RETURN of {module.__name__.rpartition('.')[2]} does not document {', '.join(missing)}"
        result["printed"] = printed + output.err
        return result

    return run
