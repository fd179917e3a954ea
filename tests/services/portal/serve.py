# SPDX-License-Identifier: Apache-2.0
"""The portal with a way into its dummy back-end: what buckets hold, what is down or slow. Run in its environment."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import uvicorn

from module_utils.base.errors import InputError
from services.portal.application import application
from services.portal.backends.backend import Bucket, KeyPair, ObjectPage, Quota, UploadForm, Usage
from services.portal.config import load
from services.portal.problems import BackendRefused, Unavailable


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    settings = load(sys.argv[1])
    app = application(settings)
    dummy = app.state.portal.backends["dummy"]
    create_key, create_bucket = dummy.create_key, dummy.create_bucket
    dummy.loses_answers = False

    def create_and_lose(project: str, key_id: str) -> KeyPair:
        made = create_key(project, key_id)
        if dummy.loses_answers:
            raise Unavailable("The answer is lost.")
        return made

    def create_bucket_and_lose(project: str, name: str, quota: Quota) -> Bucket:
        made = create_bucket(project, name, quota)
        if dummy.loses_answers:
            raise Unavailable("The answer is lost.")
        return made

    dummy.create_key, dummy.create_bucket = create_and_lose, create_bucket_and_lose
    recorded: list[list[str]] = []

    def record(*place: str) -> None:
        recorded.append(list(place))

    def refuse(*_place: str) -> None:
        raise BackendRefused("The storage keeps other rules.")

    delays: dict[str, float] = {}
    failing: set[str] = set()
    for name in ("create_bucket", "create_key", "delete_bucket", "remove_account", "remove_key"):
        setattr(dummy, name, _spoiled(name, getattr(dummy, name), delays, failing))

    @app.post("/test/store/{project}/{bucket}/{objects}")
    def store(project: str, bucket: str, objects: int) -> None:
        dummy.store(project, bucket, Usage(100 * objects, objects, 0))

    @app.post("/test/down/{value}")
    def down(value: bool) -> None:
        dummy.is_down = value

    @app.post("/test/lose-answers/{value}")
    def lose_answers(value: bool) -> None:
        dummy.loses_answers = value

    @app.post("/test/slow/{operation}/{seconds}")
    def slow(operation: str, seconds: float) -> None:
        delays[operation] = seconds

    @app.post("/test/fail/{operation}/{value}")
    def fail(operation: str, value: bool) -> None:
        (failing.add if value else failing.discard)(operation)

    @app.post("/test/keys/{project}")
    def keys(project: str) -> list[str]:
        return dummy.key_ids(project)

    @app.post("/test/objects")
    def objects() -> None:
        """Let buckets have objects to show, none as yet, and a form that uploads some."""
        dummy.objects = lambda *_place: ObjectPage([], [], None)
        dummy.upload_form = lambda *place: UploadForm("http://127.0.0.1:9/bucket", {"back": place[3]})

    @app.post("/test/scripts/{value}")
    def scripts(value: bool) -> None:
        """Let the storage take files from scripts, or refuse to when somebody asks."""
        dummy.takes_scripts = True
        dummy.allow_scripts = record if value else refuse

    @app.get("/test/scripts")
    def allowed() -> list[list[str]]:
        """For which project, bucket and origin the storage was told to take files from scripts."""
        return recorded

    @app.post("/test/break/{operation}/{key_id}")
    def break_key(operation: str, key_id: str) -> None:
        whole = getattr(dummy, operation)

        def broken(project: str, given: str) -> object:
            if given == key_id:
                raise KeyError("canary-of-a-key")
            return whole(project, given)

        setattr(dummy, operation, broken)

    @app.post("/test/fault/{text}")
    def fault(text: str) -> None:
        raise InputError(text)

    uvicorn.run(app, host=settings.host, port=settings.port, proxy_headers=False, access_log=False)


def _spoiled(
    name: str, operation: Callable[..., Any], delays: dict[str, float], failing: set[str]
) -> Callable[..., Any]:
    """The operation of a back-end that answers late, or with an error, as long as it is told so."""

    def run(*arguments: Any) -> Any:
        time.sleep(delays.get(name, 0))
        if name in failing:
            raise Unavailable("The back-end is down.")
        return operation(*arguments)

    return run


main()
