# SPDX-License-Identifier: Apache-2.0
"""All that follows from the definition of a service, for the role service."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Dict, List, Mapping

from .beside import ONCE, TRIAL
from .container import docker_options
from .definition import CONTAINERS, complete
from .needs import things
from .unit import drop_in_text, unit_file, unit_name, unit_text, watched

__all__ = ["Service"]

# What is kept of the options of the record. The rest has content, of which a record holds digests alone.
_KEPT_OF_RECORD = ("path", "files", "programs")


class Service:
    """A service on a host. given: its definition. settled: whether the service is verified. Raises InputError."""

    def __init__(self, given: Mapping[str, Any], settled: bool = False) -> None:
        self._definition, self._settled = complete(given), settled

    @property
    def definition(self) -> Dict[str, Any]:
        """The definition with all defaults."""
        return self._definition

    @property
    def in_container(self) -> bool:
        """Whether the runtime is docker or podman."""
        return self._definition["runtime"] in CONTAINERS

    @property
    def by_systemd(self) -> bool:
        """Whether systemd runs the process: a container of podman's, or a program of a package."""
        return bool(self._definition["runtime"] != "docker")

    @property
    def of_distribution(self) -> bool:
        """Whether the unit is one of the distribution, which gets a drop-in."""
        return bool(self._definition["runtime"] == "package" and self._definition["unit"])

    @property
    def unit(self) -> str:
        """The name of the unit."""
        return unit_name(self._definition)

    @property
    def unit_file(self) -> str:
        """The path of the unit, or of the drop-in for a unit of the distribution."""
        return unit_file(self._definition)

    @property
    def scope(self) -> str:
        """Whose systemd runs the unit: the system's, or an ordinary user's."""
        return str(self._definition["scope"])

    @cached_property
    def unit_text(self) -> str:
        """The content of that file; empty for docker."""
        if not self.by_systemd:
            return ""
        return drop_in_text(self._definition) if self.of_distribution else unit_text(self._definition)

    @property
    def docker(self) -> Dict[str, Any]:
        """The options of docker's module."""
        return docker_options(self._definition)

    @property
    def watched(self) -> Dict[str, str]:
        """The process, as options of the module service_watch."""
        return watched(self._definition)

    @property
    def containers(self) -> List[str]:
        """The names of the service's containers: its own, and those beside it."""
        return [f"{self._definition['name']}{suffix}" for suffix in ("", TRIAL, ONCE)]

    @property
    def things(self) -> List[Dict[str, Any]]:
        """The names that the service uses, for the module ownership."""
        return things(self._definition)

    @property
    def trial_unit(self) -> str:
        """The unit without a file in which systemd runs a trial."""
        return f"{self._definition['name']}{TRIAL}.service"

    @property
    def leftovers(self) -> List[str]:
        """Those names that only an interrupted run leaves behind, as KIND/NAME."""
        beside = (*self.containers[1:], self.trial_unit)
        return [f"{one['kind']}/{one['name']}" for one in self.things if one["name"] in beside]

    @property
    def record(self) -> Dict[str, Any]:
        """The service as one of the services of the module service_record."""
        given, runtime = self._definition["record"], self._definition["runtime"]
        kept = {name: given[name] for name in _KEPT_OF_RECORD if name in given}
        managed = {"settled": self._settled, **given.get("managed", {})}
        record = {
            **given,
            "runtime": runtime,
            "definition": {"service": self._process(), **given.get("definition", {})},
            "managed": managed,
            "kept": _text({**self._definition, "record": kept}),
        }
        if self.of_distribution:
            record["managed_files"] = [*given.get("managed_files", []), self.unit_file]
        if self.in_container:
            record["image"] = self._definition["image"]
        by_systemd = {"unit": self.unit, "scope": self.scope}
        return {**record, **(by_systemd if self.by_systemd else {"container": self._definition["name"]})}

    @property
    def moved(self) -> Dict[str, Any]:
        """The same for a service whose process in another runtime is gone, while the new one has not started.

        Nothing is loaded: should the run be killed now, the next one starts the process anew, even if one of the same
        name runs already on what an earlier run has left.
        """
        return {name: self.record[name] for name in ("path", "runtime", "kept")}

    @property
    def derived(self) -> Dict[str, Any]:
        """All of that but the record."""
        names = ("definition", "in_container", "by_systemd", "of_distribution", "unit", "unit_file", "unit_text")
        more = ("scope", "docker", "watched", "containers", "trial_unit", "things", "leftovers")
        return {name: getattr(self, name) for name in (*names, *more)}

    def _process(self) -> str:
        """What the process is made of. A drop-in takes effect without a restart."""
        if not self.by_systemd:
            return _text(self.docker)
        return self.unit if self.of_distribution else self.unit_text


def _text(value: Mapping[str, Any]) -> str:
    """As text, in which the module service_record takes nothing for a secret by its name."""
    return json.dumps(value, sort_keys=True)
