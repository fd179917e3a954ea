# SPDX-License-Identifier: Apache-2.0
"""What has to change on a host so that its container engines use the mirrors. Nothing is written here."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from typing import Dict, List, Optional, Sequence

from ...base.errors import ToolError
from ...host.owned_folder import Owned, ensure, mark_of, remove
from .daemon import Daemon, find_daemon
from .daemon_json import DaemonJson, Entries, same
from .files import Change, read_plain
from .record import NAME, Record, read_record
from .registries_conf import drop_in, refuse_others
from .spec import DOCKER, HUB, PODMAN, Mirror

__all__ = ["Plan", "Wanted", "plan"]

_DROP_IN, _CERTIFICATE = "rgwkit-mirrors.conf", "rgwkit-mirror.crt"
# dockerd(8): the folder does not follow the path of daemon.json.
_DOCKER_CERTIFICATES = "/etc/docker/certs.d"


@dataclass(frozen=True)
class Wanted:
    """The mirrors for these engines. folder: the toolkit's own, with the record of what the toolkit has written.

    docker_config: path of daemon.json. pid_file: of the docker daemon. containers: folder of registries.conf.
    """

    mirrors: Sequence[Mirror]
    engines: Sequence[str]
    folder: Owned
    docker_config: str
    pid_file: str
    containers: str

    @property
    def record_path(self) -> str:
        """Path of the record."""
        return os.path.join(self.folder.path, NAME)

    @property
    def hub_mirrors(self) -> List[str]:
        """URLs of the mirrors that docker is to use."""
        return [one.url for one in self.mirrors if one.registry == HUB] if DOCKER in self.engines else []

    @property
    def reads_podman(self) -> bool:
        """Whether podman can tell which mirrors are used."""
        return bool(PODMAN in self.engines and self.mirrors and shutil.which("podman"))


@dataclass
class Plan:
    """folder: changes of the toolkit's own folder, in words. files: changes of files, in their order; later: those that
    follow when the docker daemon has read its file.

    before, after: the record. daemon: the docker daemon that has to read its file again, None for none; it uses all
    mirrors of `present` and none of `absent` then.
    """

    folder: List[str] = field(default_factory=list)
    files: List[Change] = field(default_factory=list)
    later: List[Change] = field(default_factory=list)
    before: Record = field(default_factory=Record)
    after: Record = field(default_factory=Record)
    daemon: Optional[Daemon] = None
    present: List[str] = field(default_factory=list)
    absent: List[str] = field(default_factory=list)

    @property
    def changes(self) -> List[str]:
        """All changes, a line for each."""
        reload = ["the docker daemon: configuration read again"] if self.daemon else []
        return [*self.folder, *(f"{one.path}: {one.word}" for one in self.files if one.word), *reload]


def plan(wanted: Wanted) -> Plan:
    """What has to change. Raises ToolError for what is not the inventory's to change, OSError."""
    todo = Plan()
    if wanted.mirrors:
        todo.folder = [f"{wanted.folder.path}: {word}" for word in ensure(wanted.folder, check_mode=True).changes]
    else:
        _there, mark = mark_of(wanted.folder.path)
        if mark is None:
            return todo
        todo.folder = remove(wanted.folder, [NAME], check_mode=True).changes
    todo.before = read_record(read_plain(wanted.record_path), wanted.record_path)
    _plan_files(wanted, todo)
    _plan_docker(wanted, todo)
    return todo


def _plan_files(wanted: Wanted, todo: Plan) -> None:
    own = os.path.join(wanted.containers, "registries.conf.d", _DROP_IN)
    texts = _texts(wanted, own)
    if own in texts:
        main = os.path.join(wanted.containers, "registries.conf")
        refuse_others(wanted.mirrors, main, os.path.dirname(own), own)
    folders = set(todo.before.folders)
    for path, text in texts.items():
        existing = read_plain(path)
        if existing is not None and path not in todo.before.files:
            code = "the file exists, and the toolkit did not write the file"
            raise ToolError("use", path, code, "Look at the file, then remove or rename the file.")
        if not os.path.isdir(os.path.dirname(path)):
            folders.add(os.path.dirname(path))
        if existing != text:
            todo.files.append(Change(path, existing, text, "created" if existing is None else "content"))
    for path in todo.before.files:
        existing = read_plain(path) if path not in texts else None
        if existing is not None:
            folder = os.path.dirname(path)
            made = folder if folder in folders else ""
            todo.files.append(Change(path, existing, None, "removed", made))
    kept = sorted(folder for folder in folders if any(os.path.dirname(path) == folder for path in texts))
    todo.after = Record(files=sorted(texts), folders=kept)


def _texts(wanted: Wanted, own: str) -> Dict[str, str]:
    """The text of each file that only the toolkit writes."""
    texts = {}
    if PODMAN in wanted.engines and wanted.mirrors:
        texts[own] = drop_in(wanted.mirrors, wanted.folder.home)
    for mirror in wanted.mirrors:
        if mirror.authorities:
            places = []
            if DOCKER in wanted.engines and mirror.registry == HUB:
                places.append(_DOCKER_CERTIFICATES)
            if PODMAN in wanted.engines:
                places.append(os.path.join(wanted.containers, "certs.d"))
            texts.update({os.path.join(place, mirror.authority, _CERTIFICATE): mirror.authorities for place in places})
    return texts


def _plan_docker(wanted: Wanted, todo: Plan) -> None:
    before = todo.before
    if before.docker_config not in ("", wanted.docker_config):
        _plan_config(before.docker_config, [], todo)
    entries = Entries()
    pid_file = wanted.pid_file
    if wanted.hub_mirrors or before.docker_config:
        entries, named = _plan_config(wanted.docker_config, wanted.hub_mirrors, todo)
        pid_file = named or pid_file
        _plan_reload(wanted, pid_file, todo)
    if entries.mirrors:
        todo.after = Record(
            wanted.docker_config,
            list(entries.mirrors),
            entries.made_key,
            entries.made_file,
            todo.after.files,
            todo.after.folders,
        )


def _plan_config(path: str, mirrors: Sequence[str], todo: Plan) -> tuple[Entries, str]:
    """The toolkit's entries in a daemon.json, and the pid file that the daemon.json names."""
    before = todo.before
    own = Entries()
    if path == before.docker_config:
        own = Entries(before.docker_mirrors, before.made_key, before.made_file)
    text = read_plain(path)
    document = DaemonJson(path, text)
    after, entries = document.with_mirrors(mirrors, own)
    if after != text:
        had, has = document.mirrors, DaemonJson(path, after).mirrors
        word = f"registry-mirrors {', '.join(had) or 'none'} -> {', '.join(has) or 'none'}"
        todo.files.append(Change(path, text, after, word))
    if path == before.docker_config:
        todo.absent = [url for url in own.mirrors if not any(same(url, one) for one in DaemonJson(path, after).mirrors)]
    return entries, document.pid_file


def _plan_reload(wanted: Wanted, pid_file: str, todo: Plan) -> None:
    daemon = find_daemon(pid_file)
    if not daemon:
        return
    if wanted.hub_mirrors:
        daemon.refuse_flags(wanted.docker_config)
    todo.present = list(wanted.hub_mirrors)
    if daemon.follows(todo.present, todo.absent):
        return
    todo.daemon = daemon
    path = wanted.docker_config
    change = next((one for one in todo.files if one.path == path), None) or _unchanged(path)
    cleared = DaemonJson(path, change.after).cleared
    if cleared != change.after:
        todo.files = [*(one for one in todo.files if one.path != path), replace(change, after=cleared)]
        todo.later = [Change(path, cleared, change.after, "")]


def _unchanged(path: str) -> Change:
    text = read_plain(path)
    return Change(path, text, text, "")
