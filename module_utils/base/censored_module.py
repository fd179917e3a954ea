# SPDX-License-Identifier: Apache-2.0
"""AnsibleModule that shows no secret of its parameters, whatever is wrong with them.

Ansible strikes what the argument spec calls secret. It knows nothing of secrets in dictionaries of free form, below
misspelt names, or in place of an entry, and returns them with the module's arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .censor import Censor, Strangers, meant, secrets_of
from .given_types import mistaken_type

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:  # before ansible-core 2.22, which no longer looks into no_log_values

    def register_secrets(values: Collection[str]) -> None:
        """Older cores strike no_log_values."""


class CensoredModule(AnsibleModule):  # type: ignore[misc]
    """strangers: for options of free form, what finds the paths of which nothing is known.

    numbers: the names of text options that may be given as numbers; None where only secrets have to be given as text.
    """

    params: dict[str, Any]

    def __init__(
        self,
        argument_spec: dict[str, Any],
        strangers: Mapping[str, Strangers] | None = None,
        numbers: Collection[str] | None = None,
        **options: Any,
    ) -> None:
        self._strangers = strangers
        self._numbers = numbers
        self._given: dict[str, Any] = {}
        super().__init__(argument_spec, **options)

    @property
    def given(self) -> Mapping[str, Any]:
        """The parameters as they came in: without defaults, and with nulls where the caller wrote null."""
        return self._given

    def strike(self, secrets: Collection[str]) -> None:
        """Have these texts struck from whatever the module returns and logs."""
        self.no_log_values.update(secrets)
        register_secrets(secrets)

    def fail_json(self, msg: str, **details: Any) -> None:
        """Fail, with what a name that nobody knows may be meant for."""
        if msg.startswith("Unsupported parameters"):
            msg = "; ".join([msg, *meant(self._given, self.argument_spec)])
        super().fail_json(msg=msg, **self._with_invocation(details))

    def exit_json(self, **result: Any) -> None:
        """Leave with the result."""
        super().exit_json(**self._with_invocation(result))

    def _load_params(self) -> None:
        """The parameters as they come; from here on all may fail, so what is secret is known from here on."""
        super()._load_params()
        self._given = dict(self.params)
        self._censored()

    def _set_internal_properties(self, *given: Any) -> None:
        """The last step before AnsibleModule makes text of whatever stands where text belongs."""
        super()._set_internal_properties(*given)
        spec = secrets_of(self.argument_spec) if self._numbers is None else self.argument_spec
        mistaken = mistaken_type(spec, self.params, self._numbers or ())
        if mistaken:
            self.fail_json(msg=mistaken)

    def _log_invocation(self) -> None:
        """Ansible's line in the system's log."""
        params, self.params = self.params, self._censored()
        try:
            super()._log_invocation()
        finally:
            self.params = params

    def _censored(self) -> dict[str, Any]:
        censor = Censor()
        copy: dict[str, Any] = censor.by_spec(self.params, self.argument_spec, self._strangers)
        self.strike(censor.values)
        return copy

    def _with_invocation(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"invocation": {"module_args": self._censored()}, **result}
