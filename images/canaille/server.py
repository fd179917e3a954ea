# SPDX-License-Identifier: Apache-2.0
"""A provider of OpenID Connect (Canaille, in memory) as a file describes. Runs on requirements/canaille.txt.

    python3 server.py FILE

The file, in JSON: url, under which browsers and clients reach the provider; address and port to listen on;
redirect_uris, client_id and client_secret_file; people, with the files of their passwords; groups, with the names of
their members; and a certificate: a file in PEM with its key, empty for plain HTTP. Sessions and the key of signatures
are new with each start.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import Any
from urllib.parse import urlsplit

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server


def main(path: str) -> None:
    """Serve until a signal ends the process."""
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    app = create_app(_settings(given["url"]))
    with app.app_context():
        _save_people(given)
        _save_client(given)
    certificate = given["certificate"]
    tls = (certificate, certificate) if certificate else None
    make_server(given["address"], given["port"], app, threaded=True, ssl_context=tls).serve_forever()


def _settings(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    key = RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"}, auto_kid=True).as_dict(private=True)
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "SERVER_NAME": parts.netloc,
        "PREFERRED_URL_SCHEME": parts.scheme,
        "SESSION_COOKIE_SECURE": parts.scheme == "https",
        "CANAILLE": {"CAPTCHA_ENABLED": False, "JAVASCRIPT": False, "LOGGING": {"version": 1}},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key]},
    }


def _save_people(given: dict[str, Any]) -> None:
    people = {}
    for name, file in given["people"].items():
        person = {"user_name": name, "family_name": name, "emails": [f"{name}@example.org"], "password": _secret(file)}
        people[name] = models.User(**person)
        Backend.instance.save(people[name])
    for name, members in given["groups"].items():
        Backend.instance.save(models.Group(display_name=name, members=[people[one] for one in members]))


def _save_client(given: dict[str, Any]) -> None:
    client = models.Client(
        client_id=given["client_id"],
        client_secret=_secret(given["client_secret_file"]),
        client_name="Portal",
        redirect_uris=given["redirect_uris"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 -- a method
        grant_types=["authorization_code"],
        response_types=["code"],
        id_token_signed_response_alg="RS256",  # noqa: S106 -- an algorithm
        scope=["openid", "profile", "groups"],
    )
    Backend.instance.save(client)
    # Access tokens name the portal as their audience, too.
    client.audience = [client]
    Backend.instance.save(client)


def _secret(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().removesuffix("\n")


if __name__ == "__main__":
    main(sys.argv[1])
