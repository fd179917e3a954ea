# SPDX-License-Identifier: Apache-2.0
"""A registry's files from a swift container to an S3 bucket of the same gateway, by rclone.

rclone joins the segments of what the swift driver has written, and goes on where an earlier run was ended.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Iterator

from ...base.errors import ToolError
from ...base.login import Login
from ...base.rclone_config import section, swift_remote
from ...base.remote_json import loads
from ...s3.bucket import S3Bucket
from .layout import FOLDER, SWIFT_FILES, SWIFT_SEGMENTS, prefix_of
from .survey import Storage

# In the bucket while a copy is under way, or done and not in use yet: says where from.
MARK = ".rgwkit-copy"
_TOP = FOLDER.partition("/")[0]
# An unfinished upload is no part of any image. Files are compared by their checksums; what has segments has none in
# swift, but these are blobs, which have it in their names. One line of statistics comes at the end.
_OPTIONS = ("--checksum", "--exclude=**/_uploads/**", "--use-json-log", "--stats=999h", "--stats-log-level=NOTICE")
_LAST_LINES = 10
_REMOVED_AT_ONCE = 1000
_LOCK_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Job:
    """From where to where. `prefix` and `root` are the swift driver's prefix and the s3 driver's rootdirectory."""

    endpoint: str
    swift: Login
    container: str
    prefix: str
    s3: Login
    bucket: str
    root: str
    transfers: int = 8
    ca_file: str | None = None
    validate_certs: bool = True

    @property
    def origin(self) -> str:
        """What the mark says."""
        return f"swift container {self.container}, prefix '{self.prefix.strip('/')}'\n"

    @property
    def mark_key(self) -> str:
        """Where the mark is."""
        return prefix_of(self.root) + MARK

    def command(self, config: str) -> list[str]:
        """rclone's command line; the secrets are in its configuration."""
        source = f"source:{self.container}/{prefix_of(self.prefix)}{SWIFT_FILES}/{_TOP}"
        target = f"target:{self.bucket}/{prefix_of(self.root)}{_TOP}"
        options = [*_OPTIONS, f"--transfers={self.transfers}", f"--checkers={self.transfers}"]
        options += [f"--ca-cert={self.ca_file}"] * bool(self.ca_file)
        options += ["--no-check-certificate"] * (not self.validate_certs)
        return ["rclone", "sync", source, target, f"--config={config}", *options]

    def config(self) -> str:
        """rclone's configuration."""
        target = {
            "type": "s3",
            "provider": "Ceph",
            "endpoint": self.endpoint,
            "access_key_id": self.s3.user,
            "secret_access_key": self.s3.secret,
        }
        return section("source", swift_remote(self.endpoint, self.swift)) + section("target", target)


def begin(job: Job, source: S3Bucket, bucket: S3Bucket, dry: bool) -> bool:
    """Make the bucket and mark it, unless that has been done; whether it had to be. Raises ToolError."""
    if not source.exists():
        raise ToolError(
            "copy",
            f"container {job.container}",
            "there is no such container",
            "Give its name, and an S3 key of its user.",
        )
    there = bucket.exists()
    mark = bucket.read(job.mark_key) if there else None
    if mark is not None:
        if mark.decode("utf-8", "replace") != job.origin:
            said = mark.decode("utf-8", "replace").strip()
            raise ToolError(
                "copy to",
                f"bucket {job.bucket}",
                f"the bucket holds a copy of something else: {said}",
                "Choose another bucket.",
            )
        return False
    found = next(bucket.entries(prefix_of(job.root)), None) if there else None
    if found:
        raise ToolError(
            "copy to",
            f"bucket {job.bucket}",
            f"the bucket is not empty, {found.key} is in it, and no copy to it was begun and not finished",
            "Choose another bucket, or empty this one.",
        )
    if not dry:
        if not there:
            bucket.make()
        bucket.write(job.mark_key, job.origin.encode())
    return True


def copy(job: Job, source: S3Bucket, wait: float) -> dict[str, int]:
    """Make the bucket's files those of the container; how many were copied, compared, deleted, and their bytes.

    Waits `wait` seconds for another copy to the same bucket on this host to end. Raises ToolError.
    """
    if next(source.entries(f"{prefix_of(job.prefix)}{SWIFT_FILES}/{_TOP}"), None) is None:
        return _counts({})
    with _locked(f"/run/lock/rgwkit-copy-{job.bucket}", wait) as lock:
        return _run(job, lock)


def finish(job: Job, bucket: S3Bucket, dry: bool) -> bool:
    """Take the mark away: from now on the bucket is a registry's own. Whether it was there. Raises ToolError."""
    marked = bucket.exists() and bucket.read(job.mark_key) is not None
    if marked and not dry:
        bucket.remove(job.mark_key)
    return marked


def remove_source(job: Job, storage: Storage, dry: bool) -> bool:
    """Remove the registry from the container, and the container if that was all; whether there was any.

    Raises ToolError.
    """
    container = storage.bucket
    if not container.exists():
        return False
    found = False
    for folder in (SWIFT_FILES, SWIFT_SEGMENTS):
        entries = container.entries(f"{prefix_of(job.prefix)}{folder}/")
        while keys := [entry.key for entry in islice(entries, _REMOVED_AT_ONCE)]:
            found = True
            if dry:
                return True
            storage.each(keys, lambda bucket, key: bucket.remove(key))
    if found and next(container.entries(), None) is None:
        container.remove_bucket()
    return found


def _run(job: Job, lock: int) -> dict[str, int]:
    # In memory only: not even a run that is killed leaves the secrets behind.
    config = os.memfd_create("rclone.conf", 0)
    try:
        os.write(config, job.config().encode())
        # The lock is rclone's, too: should this process be killed, it is held until rclone has ended.
        process = subprocess.Popen(
            job.command(f"/dev/fd/{config}"),
            env={"PATH": os.environ.get("PATH", os.defpath)},  # RCLONE_ and AWS_ variables have a say in rclone
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(config, lock),
        )
    except FileNotFoundError:
        raise ToolError("run", "rclone", "this host has no such program", "Install Debian's package rclone.") from None
    finally:
        os.close(config)
    try:
        last, stats = _listen(process)
        code = process.wait()
    finally:
        process.kill()
    if code:
        raise ToolError(
            "copy",
            f"container {job.container} to bucket {job.bucket}",
            "\n".join([f"rclone ended with {code} and said:", *last]),
            "A further run goes on from there.",
        )
    return _counts(stats)


def _listen(process: subprocess.Popen[bytes]) -> tuple[deque[str], dict[str, Any]]:
    """The last of what rclone says, and its statistics."""
    last: deque[str] = deque(maxlen=_LAST_LINES)
    stats: dict[str, Any] = {}
    for line in process.stderr or ():
        try:
            said = loads(line)
        except ValueError:
            said = {"msg": line.decode("utf-8", "replace")}
        if "stats" in said:
            stats = said["stats"]
        else:
            last.append(" ".join(str(said[name]) for name in ("object", "msg") if name in said).strip())
    return last, stats


def _counts(stats: dict[str, Any]) -> dict[str, int]:
    names = {"copied": "transfers", "compared": "checks", "deleted": "deletes", "bytes": "bytes"}
    return {name: int(stats.get(word, 0)) for name, word in names.items()}


@contextmanager
def _locked(path: str, wait: float) -> Iterator[int]:
    """Hold the lock; the file descriptor that it is on."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ToolError(
                        "lock", path, "another copy to this bucket runs on this host", "Wait until it has ended."
                    ) from None
                time.sleep(_LOCK_POLL_SECONDS)
        yield lock
    finally:
        os.close(lock)
