# SPDX-License-Identifier: Apache-2.0
"""The collector of a registry that runs in a container."""

from __future__ import annotations

import codecs
from typing import Any, Callable, Iterable, Iterator, Sequence

from .docker_client import APIError, DockerError
from .registry_garbage import Collector


def collector_in(client: Any, name: str, config: str) -> Collector:
    """The collector of the registry in the running container `name`, on its configuration. Raises DockerError.

    The container's entry point knows the command, in the upstream image and in Debian's alike.
    """

    def collect(options: Sequence[str], take: Callable[[str], None]) -> int:
        try:
            container = client.containers.get(name)
            command = [*container.attrs["Config"]["Entrypoint"], "garbage-collect", *options, config]
            made = client.api.exec_create(container.id, command)
            for line in _lines(client.api.exec_start(made["Id"], stream=True)):
                take(line)
            return int(client.api.exec_inspect(made["Id"])["ExitCode"])
        except (APIError, OSError) as error:
            raise DockerError(f"running garbage-collect in container {name}: {error}") from error

    return collect


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a text that comes in blocks of any length."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for block in blocks:
        *whole, rest = (rest + decoder.decode(block)).split("\n")
        yield from whole
    if rest:
        yield rest
