# SPDX-License-Identifier: Apache-2.0
"""What people do in the portal that the role has set up: with a real provider of OpenID Connect and a real gateway."""

from __future__ import annotations

import html
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.acceptance.portal.portal_site import PORT, PortalHost, portal_site
from tests.canaille import Provider, running_provider
from tests.certificates import write_self_signed
from tests.portal_pages import Person, UploadForm, key_of, s3_client, signed_in

OIDC_SECRET, AUTHORITY = "/etc/rgwkit/secrets/portal.oidc.secret", "/etc/provider/authority.pem"
GROUPS = {"users": ["ann"], "admins": ["eve"]}


@dataclass(frozen=True)
class Site:
    """The portal, where people sign in, and where the gateway is."""

    host: PortalHost
    provider: Provider
    certificate: str
    endpoint: str

    def person(self, name: str) -> Person:
        """Somebody who has signed in."""
        return signed_in(self.host.url, self.provider, name, self.certificate)

    def s3(self, key: str, secret: str) -> Any:
        return s3_client(self.endpoint, key, secret)


def bridge_address(container: str) -> str:
    """The address of this machine in the network of a container."""
    asked = ["docker", "inspect", "--format", "{{ .NetworkSettings.Gateway }}", container]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, secret = tmp_path_factory.mktemp("journey"), f"canary-{secrets.token_hex(16)}"
    with portal_site(folder, f"canary-{secrets.token_hex(16)}") as (host, _gateway):
        uri, address = f"http://{host.address}:{PORT}/web/signed-in", bridge_address(host.name)
        certificate = write_self_signed(folder / "provider.pem", address)
        with running_provider(folder, [uri], GROUPS, secret, address, str(certificate)) as provider:
            host.write(OIDC_SECRET, secret)
            _key, begin, rest = certificate.read_text().partition("-----BEGIN CERTIFICATE")
            host.write(AUTHORITY, begin + rest)
            host.tell("chmod", "-R", "a+rX", str(Path(AUTHORITY).parent))
            host.variables |= {
                "rgw_portal_oidc_issuer": provider.url,
                "rgw_portal_oidc_ca_file": AUTHORITY,
                "rgw_portal_oidc_client_id": provider.client_id,
                "rgw_portal_oidc_client_secret_file": OIDC_SECRET,
                "rgw_portal_proxy_addresses": [],
            }
            for playbook in ("users", "portal"):
                done = host.play(playbook)
                assert done.code == 0, done.output[-4000:]
                assert secret not in done.output
            yield Site(host, provider, str(certificate), host.variables["rgw_portal_backends"][0]["endpoint"])


def test_a_person_gets_storage_uses_it_and_leaves(site: Site) -> None:
    ann, eve = site.person("ann"), site.person("eve")
    assert "You do not work in a project yet" in ann.page
    eve.send("/web/projects", name="genomes", title="Genomes", groups="users")
    assert "The project has been created." in eve.page

    project = "/web/rgw/genomes"
    assert ann.open(project).status_code == 200
    ann.send(f"{project}/buckets", name="genomes-raw", number="64", unit="KiB")
    assert "The bucket has been created." in ann.page and "0 B of 64.0 KiB" in ann.page

    ann.open(f"{project}/keys")
    assert ann.send(f"{project}/keys", label="laptop").status_code == 201
    key, secret = key_of(ann.page)
    client = site.s3(key, secret)
    client.put_object(Bucket="genomes-raw", Key="runs/first.txt", Body=b"by key")
    with pytest.raises(ClientError, match="QuotaExceeded"):
        client.put_object(Bucket="genomes-raw", Key="large", Body=b"x" * 100_000)

    place = f"{project}/buckets/genomes-raw"
    ann.open(f"{place}?prefix=runs/")
    assert "first.txt" in ann.page
    form = UploadForm(ann.page)
    assert form.action.startswith(site.endpoint)
    back = ann.session.post(form.action, form.fields, files={"file": ("second.txt", b"by form")}, timeout=60)
    assert back.status_code == 200 and "The file has been uploaded." in back.text and "second.txt" in back.text
    assert client.get_object(Bucket="genomes-raw", Key="runs/second.txt")["Body"].read() == b"by form"
    ann.page = back.text
    got = ann.send(f"{place}/downloads", key="runs/first.txt")
    assert got.content == b"by key" and got.url.startswith(site.endpoint)

    ann.open(f"{project}/keys")
    assert ann.send(f"{project}/keys/{key}/rotate", hours="0").status_code == 201
    new_key, new_secret = key_of(ann.page)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client.list_objects_v2(Bucket="genomes-raw")
    site.s3(new_key, new_secret).list_objects_v2(Bucket="genomes-raw")

    ann.open(f"{project}/requests")
    ann.send(f"{project}/requests", number="2", unit="MiB", buckets="4", reason="a second instrument")
    eve.open("/web/requests")
    (number,) = re.findall(r"Request (\d+) of genomes", eve.page)
    eve.send(f"/web/requests/{number}/grant", text="fine")
    ann.open(project)
    assert "of 2.0 MiB" in ann.page and "1 of 4 buckets" in ann.page

    ann.open(f"{place}/delete")
    assert "2 objects with 13 B" in ann.page
    etag = html.unescape(re.findall(r'name="etag" value="([^"]+)"', ann.page)[0])
    ann.send(f"{place}/delete", etag=etag, with_objects="yes")
    assert "The bucket has been deleted." in ann.page

    eve.open("/web/projects/genomes/members")
    (version,) = re.findall(r'name="version" value="(\d+)"', eve.page)
    eve.send("/web/projects/genomes/members", title="Genomes", people="somebody", version=version)
    assert ann.open(project).status_code == 404


def test_no_secret_is_on_the_host_but_in_files_of_root(site: Site) -> None:
    secret = site.host.tell("cat", OIDC_SECRET)
    assert secret.startswith("canary-")
    kept = "find /etc/systemd /var/lib/rgwkit/rgwkit-portal/state /etc/rgwkit/rgwkit-portal -type f -exec cat {} +"
    log = site.host.tell("journalctl", "--no-pager", "--unit=rgwkit-portal")
    assert "audit" in log
    assert secret not in site.host.tell("sh", "-c", f"{kept} | LC_ALL=C tr -cd '\\12\\40-\\176'") + log
