# SPDX-License-Identifier: Apache-2.0
"""Pages out of templates, and the headers that every page has."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from module_utils.http.endpoint import Endpoint

from ..config import DummySettings, Settings
from .static import ADDRESSES

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")
# What a page says after a change, by the word in its address.
_DONE = {
    "bucket-created": "The bucket has been created.",
    "bucket-changed": "The bucket has been changed.",
    "bucket-deleted": "The bucket has been deleted.",
    "key-revoked": "The key has been revoked.",
    "asked": "The request has been sent.",
    "answered": "The request has been answered.",
    "members-changed": "The members have been changed.",
    "project-created": "The project has been created.",
    "uploaded": "The file has been uploaded.",
    "not-uploaded": "The file has not been uploaded: a quota is reached, or the bucket is restricted.",
}


class Pages:
    """All templates, with what they need to show sizes and times."""

    def __init__(self, settings: Settings) -> None:
        self._templates = Environment(
            loader=PackageLoader("services.portal", "templates/web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(size=size, moment=moment, segment=segment)
        # Uploads and downloads are forms that end at the gateways.
        gateways = sorted(_gateways(settings))
        forms = " ".join(["'self'", *gateways])
        self._policy = (
            f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {forms}; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        # The script asks the portal for an upload's fields, and sends files to the gateways.
        self._script_policy = f"; script-src 'self'; connect-src {forms}"

    def show(
        self, template: str, values: Mapping[str, Any], status: int = 200, has_script: bool = False
    ) -> HTMLResponse:
        """A page. has_script: whether the page may run the portal's script."""
        text = self._templates.get_template(f"{template}.html").render(
            done=_DONE, units=_UNITS, static=ADDRESSES, **values
        )
        headers = {
            "Content-Security-Policy": self._policy + (self._script_policy if has_script else ""),
            # Without a referrer, browsers send no origin along with forms, either.
            "Referrer-Policy": "same-origin",
        }
        return HTMLResponse(text, status, headers)


def size(number: int | None) -> str:
    """Bytes for people, in powers of 1024."""
    if number is None:
        return "no limit"
    if number < 1024:
        return f"{number} B"
    value = float(number)
    for unit in _UNITS:
        value /= 1024
        if value < 1024 or unit == _UNITS[-1]:
            return f"{value:.1f} {unit}"
    raise AssertionError


def moment(seconds: float | None) -> str:
    """A time in seconds since 1970, in UTC."""
    return "" if seconds is None else time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def segment(text: str) -> str:
    """A text as one segment of a path, or as a value in a query."""
    return quote(text, safe="")


def _gateways(settings: Settings) -> set[str]:
    found = [one for one in settings.backends.values() if not isinstance(one, DummySettings)]
    endpoints = [Endpoint.parse(one.public_endpoint or one.endpoint, one.ca_file) for one in found]
    return {f"{one.scheme}://{one.authority}" for one in endpoints}
