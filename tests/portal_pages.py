# SPDX-License-Identifier: Apache-2.0
"""Somebody who uses the portal's pages with a browser without JavaScript, and the keys that the pages show."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import boto3
import requests
from botocore.config import Config

from tests.canaille import Provider


@dataclass
class Person:
    """Somebody with a browser without JavaScript."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""

    def open(self, path: str) -> requests.Response:
        answer = self.session.get(self.url + path, timeout=60)
        self.page = answer.text
        return answer

    def send(self, path: str, **fields: str) -> requests.Response:
        """Send a form of the page that is open."""
        (token, *_same) = re.findall(r'name="token" value="([0-9a-f]+)"', self.page)
        data = {"token": token, **fields}
        answer = self.session.post(self.url + path, data, headers={"Origin": self.url}, timeout=60)
        self.page = answer.text
        return answer


class UploadForm(HTMLParser):
    """The form of a page that takes a file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.fields = "", {}
        self._open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("enctype") == "multipart/form-data"
            self.action = given["action"] if self._open else self.action
        elif tag == "input" and self._open and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]


def signed_in(url: str, provider: Provider, name: str, certificate: str | bool = True) -> Person:
    """Somebody who has signed in. url: of the portal. certificate: a file with the provider's authorities, or True."""
    person = Person(url)
    # Authorities that the environment names would take the place of this one.
    person.session.trust_env, person.session.verify = False, certificate
    page = person.open("/web")
    assert page.url.startswith(provider.url), page.url
    page = provider.sign_in(person.session, page, name)
    assert (page.status_code, page.url) == (200, f"{url}/web"), page.text
    person.page = page.text
    return person


def key_of(page: str) -> tuple[str, str]:
    """Access key and secret key that a page shows."""
    _endpoint, key, secret, *_replaced = re.findall(r"<dd><code>([^<]+)</code></dd>", page)
    return key, html.unescape(secret)


def s3_client(endpoint: str, key: str, secret: str) -> Any:
    """A client that asks once."""
    once = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    login = {"aws_access_key_id": key, "aws_secret_access_key": secret}
    return boto3.client("s3", endpoint_url=endpoint, region_name="default", config=once, **login)
