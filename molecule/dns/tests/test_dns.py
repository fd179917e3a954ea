# SPDX-License-Identifier: Apache-2.0
"""What a client finds by the published names: a resolver's answers, and a bucket at its own name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Iterator

import boto3
import dns.resolver
import pytest
from botocore.config import Config

FOLDER = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".build", "molecule-dns")
NAME, PORT = "s3.example.test", 18083


@pytest.fixture
def resolver() -> dns.resolver.Resolver:
    """A client of the name server."""
    found = dns.resolver.Resolver(configure=False)
    found.nameservers = [(FOLDER / "bind" / "address").read_text()]
    return found


@pytest.fixture
def bucket(resolver: dns.resolver.Resolver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket by boto3, which puts the bucket into the name, in a process that asks the name server for names."""
    import socket

    look_up = socket.getaddrinfo

    def by_the_server(host: str, *given: Any, **named: Any) -> Any:
        return look_up(str(resolver.resolve(host, "A")[0]) if str(host).endswith(NAME) else host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", by_the_server)
    client = boto3.resource(
        "s3",
        endpoint_url=f"http://{NAME}:{PORT}",
        aws_access_key_id="admin",
        aws_secret_access_key=(FOLDER / "ceph" / "admin.secret").read_text().strip(),
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "virtual"}),
    )
    bucket = client.create_bucket(Bucket="docs")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def test_the_names_resolve(resolver: dns.resolver.Resolver) -> None:
    for name in (NAME, f"docs.{NAME}", "registry.example.test"):
        assert [str(one) for one in resolver.resolve(name, "A")] == ["127.0.0.1"], name
    mark = resolver.resolve(f"_rgwkit.{NAME}", "TXT")
    assert [str(one) for one in mark] == ['"rgwkit: rgwkit-molecule-dns"']


def test_a_client_uses_a_bucket_by_its_name(bucket: Any) -> None:
    asked = []
    bucket.meta.client.meta.events.register("before-send.s3", lambda request, **_: asked.append(request.url))
    bucket.put_object(Key="page", Body=b"text")
    assert bucket.Object("page").get()["Body"].read() == b"text"
    assert [one.key for one in bucket.objects.all()] == ["page"]
    assert all(url.startswith(f"http://docs.{NAME}:{PORT}/") for url in asked) and len(asked) == 3


def test_no_secret_is_in_what_docker_shows(host: Any) -> None:
    for name in ("rgwkit-molecule-dns", "rgwkit-molecule-dns-bind"):
        shown = json.dumps(host.docker(name).inspect())
        for file in (FOLDER / "bind" / "rgwkit.key", FOLDER / "ceph" / "admin.secret"):
            assert file.read_text().strip() not in shown
