# SPDX-License-Identifier: Apache-2.0
"""A provider of OpenID Connect (Canaille, in memory) as a file describes. Run in the environment of canaille.txt.

The file, in JSON: address, port, redirect_uris, client_id, client_secret, people and their passwords, groups and names,
and a certificate: a file in PEM with its key, empty for plain HTTP.
"""

from __future__ import annotations

import json
import secrets
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    certificate = given["certificate"]
    key = RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"}, auto_kid=True).as_dict(private=True)
    address = f"{given['address']}:{given['port']}"
    app = create_app(
        {
            "SECRET_KEY": secrets.token_hex(32),
            "SERVER_NAME": address,
            "PREFERRED_URL_SCHEME": "https" if certificate else "http",
            "SESSION_COOKIE_SECURE": bool(certificate),
            "CANAILLE": {"CAPTCHA_ENABLED": False, "JAVASCRIPT": False, "LOGGING": {"version": 1}},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key]},
        }
    )
    with app.app_context():
        people = {}
        for name, password in given["people"].items():
            people[name] = models.User(
                user_name=name, family_name=name, emails=[f"{name}@example.org"], password=password
            )
            Backend.instance.save(people[name])
        for name, members in given["groups"].items():
            Backend.instance.save(models.Group(display_name=name, members=[people[one] for one in members]))
        client = models.Client(
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            client_name="Portal",
            redirect_uris=given["redirect_uris"],
            token_endpoint_auth_method="client_secret_basic",
            grant_types=["authorization_code"],
            response_types=["code"],
            id_token_signed_response_alg="RS256",
            scope=["openid", "profile", "groups"],
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    make_server(
        given["address"],
        given["port"],
        app,
        threaded=True,
        ssl_context=(certificate, certificate) if certificate else None,
    ).serve_forever()


main(sys.argv[1])
