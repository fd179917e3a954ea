# SPDX-License-Identifier: Apache-2.0
"""The settings of Pulp, a file of Python that Pulp executes (pulpcore's docs, "Settings").

The file holds no secret. Each process of Pulp has its secrets as credentials of systemd (systemd.exec(5),
"LoadCredential="), and the file says where they are.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

__all__ = ["settings_text"]

_HEAD = """\
# Written by the role pulp: changes made here by hand are lost.
import os
from pathlib import Path

_CREDENTIALS = Path(os.environ["CREDENTIALS_DIRECTORY"])


def _secret(name):
    return (_CREDENTIALS / name).read_text().removesuffix("\\n")


SECRET_KEY = _secret("django.key")
DB_ENCRYPTION_KEY = str(_CREDENTIALS / "fields.key")
PRIVATE_KEY_PATH = str(_CREDENTIALS / "token.key")
PUBLIC_KEY_PATH = str(_CREDENTIALS / "token.pub")
"""


def settings_text(role: Mapping[str, Any], database: Mapping[str, Any], redis_socket: str, work: str) -> str:
    """The content of the file.

    role: the variables of the role pulp, without prefix. database: `host` (a name, or the folder of a socket), `port`,
    `name`, `user`. redis_socket: path of the socket of the cache. work: the folder in which Pulp keeps files for the
    time of a task.
    """
    values: Dict[str, Any] = {
        "TOKEN_SERVER": f"{role['url'].rstrip('/')}/token/",
        "TOKEN_SIGNATURE_ALGORITHM": "ES256",
        "CONTENT_ORIGIN": role["content_url"].rstrip("/"),
        "ALLOWED_HOSTS": ["*"],
        "CACHE_ENABLED": True,
        "REDIS_URL": f"unix://{redis_socket}?db=0",
        # Pulp copies artifacts to the storage; with another value than this, it would try to move them.
        "MEDIA_ROOT": "",
        "WORKING_DIRECTORY": work,
        "FILE_UPLOAD_TEMP_DIR": work,
        "STATIC_ROOT": f"{work}/static",
        "REDIRECT_TO_OBJECT_STORAGE": bool(role["redirect"]),
        # Pulp would report to its makers.
        "ANALYTICS": False,
    }
    lines = [_HEAD, *(f"{name} = {value!r}" for name, value in values.items())]
    lines += _mapping(
        "DATABASES", _database(database), "PASSWORD", "database.password" if role["database_host"] else ""
    )
    lines += _mapping("STORAGES", _storage(role), "secret_key", "s3.key")
    return "\n".join(lines) + "\n"


def _database(database: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": database["host"],
        "PORT": str(database["port"]),
        "NAME": database["name"],
        "USER": database["user"],
    }


def _storage(role: Mapping[str, Any]) -> Dict[str, Any]:
    """Options of django-storages, "Amazon S3"."""
    options = {
        "access_key": role["s3_accesskey"],
        "endpoint_url": role["s3_endpoint"],
        "region_name": role["s3_region"],
        "bucket_name": role["s3_bucket"],
        "default_acl": None,
        # A gateway has no host name for each bucket unless somebody gave the gateway one.
        "addressing_style": "path",
        "signature_version": "s3v4",
        # An artifact is stored under its digest.
        "file_overwrite": True,
    }
    return {**options, "verify": role["s3_ca_file"]} if role["s3_ca_file"] else options


def _mapping(name: str, options: Mapping[str, Any], place: str, secret: str) -> List[str]:
    """A setting whose entry `default` has one secret; secret: the name of its credential, empty for none."""
    given = [f"    {key!r}: {value!r}," for key, value in options.items()]
    given += [f"    {place!r}: _secret({secret!r})," if secret else ""]
    lines = [f"_{name} = {{", *filter(None, given), "}"]
    if name == "DATABASES":
        return [*lines, 'DATABASES = {"default": _DATABASES}']
    static = '{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}'
    # The one name of the backend to which pulp-container 2.30 redirects (registry_api.py, RedirectsMixin). With the
    # newer name, storages.backends.s3.S3Storage, each request for a blob is answered with 500.
    backend = '{"BACKEND": "storages.backends.s3boto3.S3Boto3Storage", "OPTIONS": _STORAGES}'
    return [*lines, f'STORAGES = {{"default": {backend}, "staticfiles": {static}}}']
