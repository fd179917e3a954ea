# SPDX-License-Identifier: Apache-2.0
"""The settings of Pulp: what Python makes of the file, and that no secret is in it."""

from __future__ import annotations

import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.pulp.settings import settings_text

ROLE = {
    "url": "http://pulp.example.com:24817/",
    "content_url": "http://pulp.example.com:24816",
    "redirect": True,
    "database_host": "",
    "s3_accesskey": "it's",
    "s3_endpoint": "http://rgw.example.com:8080",
    "s3_region": "default",
    "s3_bucket": "pulp",
    "s3_ca_file": "",
}
SOCKET = {"host": "/run/pulp-postgresql", "port": 5432, "name": "pulp", "user": "pulp"}
SECRETS = {"django.key": "django\n", "s3.key": "canary-s3\n", "database.password": "canary-db\n"}


@pytest.fixture
def executed(tmp_path, monkeypatch):
    """What Python makes of the settings for these variables."""
    for name, content in SECRETS.items():
        (tmp_path / name).write_text(content)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    def execute(**role):
        text = settings_text({**ROLE, **role}, SOCKET, "/run/pulp-redis/redis.sock", "/var/lib/pulp/work")
        assert "canary" not in text
        values: dict = {}
        exec(text, values)
        return values

    return execute


def test_secrets_come_from_the_credentials(executed):
    settings = executed(database_host="db.example.com")
    assert settings["SECRET_KEY"] == "django"
    assert settings["DATABASES"]["default"]["PASSWORD"] == "canary-db"
    assert settings["STORAGES"]["default"]["OPTIONS"]["secret_key"] == "canary-s3"
    assert settings["DB_ENCRYPTION_KEY"] == os.path.join(os.environ["CREDENTIALS_DIRECTORY"], "fields.key")


def test_the_own_database_has_no_password(executed):
    assert executed()["DATABASES"]["default"] == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "/run/pulp-postgresql",
        "PORT": "5432",
        "NAME": "pulp",
        "USER": "pulp",
    }


def test_values_are_quoted(executed):
    assert executed()["STORAGES"]["default"]["OPTIONS"]["access_key"] == "it's"


def test_urls_have_one_slash(executed):
    settings = executed()
    assert settings["TOKEN_SERVER"] == "http://pulp.example.com:24817/token/"
    assert settings["CONTENT_ORIGIN"] == "http://pulp.example.com:24816"


@pytest.mark.parametrize("file, options", [("", {}), ("/etc/ca.pem", {"verify": "/etc/ca.pem"})])
def test_the_authorities_of_the_gateway(executed, file, options):
    found = executed(s3_ca_file=file)["STORAGES"]["default"]["OPTIONS"]
    assert {name: value for name, value in found.items() if name == "verify"} == options


def test_the_backend_is_one_that_pulp_redirects_to(executed):
    assert executed()["STORAGES"]["default"]["BACKEND"] == "storages.backends.s3boto3.S3Boto3Storage"
    assert executed(redirect=False)["REDIRECT_TO_OBJECT_STORAGE"] is False
