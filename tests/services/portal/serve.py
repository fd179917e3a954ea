# SPDX-License-Identifier: Apache-2.0
"""The portal with a way into its dummy back-end: what buckets hold, and whether it is down. Run in its environment."""

from __future__ import annotations

import logging
import sys

import uvicorn

from module_utils.base.errors import InputError
from services.portal.application import application
from services.portal.backends.backend import KeyPair, ObjectPage, UploadForm, Usage
from services.portal.config import load
from services.portal.problems import Unavailable


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    settings = load(sys.argv[1])
    app = application(settings)
    dummy = app.state.portal.backends["dummy"]
    create_key = dummy.create_key
    dummy.loses_answers = False

    def create_and_lose(project: str, key_id: str) -> KeyPair:
        made = create_key(project, key_id)
        if dummy.loses_answers:
            raise Unavailable("The answer is lost.")
        return made

    dummy.create_key = create_and_lose

    @app.post("/test/store/{project}/{bucket}/{objects}")
    def store(project: str, bucket: str, objects: int) -> None:
        dummy.store(project, bucket, Usage(100 * objects, objects, 0))

    @app.post("/test/down/{value}")
    def down(value: bool) -> None:
        dummy.is_down = value

    @app.post("/test/lose-answers/{value}")
    def lose_answers(value: bool) -> None:
        dummy.loses_answers = value

    @app.post("/test/keys/{project}")
    def keys(project: str) -> list[str]:
        return dummy.key_ids(project)

    @app.post("/test/objects")
    def objects() -> None:
        """Let buckets have objects to show, none as yet, and a form that uploads some."""
        dummy.objects = lambda *_place: ObjectPage([], [], None)
        dummy.upload_form = lambda *_place: UploadForm("http://127.0.0.1:9/bucket", {})

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


main()
