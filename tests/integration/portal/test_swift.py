# SPDX-License-Identifier: Apache-2.0
"""The back-end of the portal on a real Swift with a real Keystone."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from pydantic import ValidationError

from services.portal.backends.backend import AccountLimits, Quota, Usage
from services.portal.backends.swift import SwiftBackend
from services.portal.config import SwiftSettings
from services.portal.problems import (
    BackendRefused,
    LimitReached,
    NotFound,
    NotOffered,
    Taken,
    Unavailable,
    Unusable,
)
from tests.acceptance.portal.test_journey import UploadForm
from tests.integration.clients.programs import python_programs, shell
from tests.playbooks import free_port
from tests.portal import running_portal
from tests.services.portal.contract import *  # noqa: F403 (its tests, run on this back-end)
from tests.services.portal.contract import LIMITS, new_name
from tests.services.portal.issuer import AUDIENCE, CLIENT_ID, CLIENT_SECRET, running_issuer
from tests.services.portal.objects_contract import *  # noqa: F403 (likewise)
from tests.services.portal.test_web import signed_in
from tests.swift.person import Person, log_in
from tests.swift.service import Swift, portal_account, write_secret

pytestmark = pytest.mark.long

# For so long proxies remember counts and quotas, and for less than the second time that a token was good
# (tests/swift/container/start).
REMEMBERED_S = 1.5
STALE_S = 10


def settings(account: dict[str, Any], **changes: object) -> SwiftSettings:
    return SwiftSettings.model_validate({**account, **changes})


@pytest.fixture(scope="module")
def backend(account: dict[str, Any]) -> Iterator[SwiftBackend]:
    backend = SwiftBackend(settings(account))
    yield backend
    backend.close()


def key_of(backend: SwiftBackend, swift: Swift, project: str) -> Person:
    """Somebody with a new key of a project."""
    pair = backend.create_key(project, f"KEY{new_name().upper()}")
    return log_in(swift, backend.client_settings(project, pair.id), pair.secret.value)


@pytest.fixture
def person(backend, swift, project) -> Person:
    return key_of(backend, swift, project)


@pytest.fixture
def bucket(backend, project) -> str:
    name = new_name()
    backend.create_bucket(project, name, Quota())
    return name


@pytest.fixture
def fill(backend, swift):
    def put(project: str, name: str) -> Usage:
        person = key_of(backend, swift, project)
        for number in range(3):
            assert person.status("PUT", f"{name}/o{number}", b"x" * 100) == 201
        swift.count()
        return Usage(300, 3, 0)

    return put


def soon(happens: Callable[[], bool]) -> None:
    """Wait for what proxies notice after a while: that a token has ended."""
    until = time.monotonic() + STALE_S
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.3)


def test_the_program_swift_stores_and_fetches_with_a_key(backend, swift, project, bucket, tmp_path):
    pair = backend.create_key(project, f"KEY{bucket.upper()}")
    environment = {**backend.client_settings(project, pair.id), "OS_CACERT": str(swift.keystone.ca_file)}
    environment["OS_PASSWORD"] = pair.secret.value
    programs = python_programs(tmp_path / "venv", "python-swiftclient", "python-keystoneclient")
    content = os.urandom(300_000)
    (tmp_path / "one.bin").write_bytes(content)
    segments = f"--segment-size 100000 --segment-container {bucket}"
    said = shell(
        f"swift upload --object-name dir/one {bucket} {tmp_path}/one.bin",
        f"swift upload --object-name large {segments} {bucket} {tmp_path}/one.bin",
        f"swift download {bucket} dir/one --output {tmp_path}/back",
        f"swift download {bucket} large --output {tmp_path}/large",
        "swift list",
        f"swift list {bucket}",
        f"swift delete {bucket} dir/one",
        path=programs,
        **environment,
    )
    for name in ("back", "large"):
        assert hashlib.sha256((tmp_path / name).read_bytes()).digest() == hashlib.sha256(content).digest()
    assert f"\n{bucket}\n" in said and "\ndir/one\n" in said
    assert [one.key for one in backend.objects(project, bucket, "", "", 9).objects] == ["large"]


def test_a_restricted_bucket_takes_no_objects_whatever_a_key_does(backend, project, bucket, person):
    assert person.status("PUT", f"{bucket}/before", b"1") == 201
    backend.change_bucket(project, bucket, Quota(), restricted=True)
    assert person.status("PUT", f"{bucket}/after", b"1") == 413
    assert person.status("COPY", f"{bucket}/before", Destination=f"{bucket}/after") == 413
    for fields in (
        {"X_Container_Meta_Quota_Count": "100"},
        {"X_Remove_Container_Meta_Quota_Count": "x"},
        {"X_Container_Write": ".r:*"},
        {"X_Container_Meta_Temp_URL_Key": "mine"},
    ):
        assert person.status("POST", bucket, **fields) == person.status("PUT", bucket, **fields) == 403
    assert person.status("DELETE", bucket) == 403
    assert person.status("PUT", f"{bucket}/after", b"1") == 413
    assert person.ask("GET", f"{bucket}/before").content == b"1"
    backend.change_bucket(project, bucket, Quota(), restricted=False)
    assert person.status("PUT", f"{bucket}/after", b"1") == 201
    assert person.status("DELETE", f"{bucket}/before") == 204
    assert backend.bucket(project, bucket).usage.objects == 1


def test_a_key_cannot_lift_the_limits_of_its_project(backend, swift, project, bucket, person):
    assert person.status("PUT", new_name()) == 403
    for fields in (
        {"X_Account_Meta_Quota_Bytes": "1000000000"},
        {"X_Remove_Account_Meta_Quota_Bytes": "x"},
        {"X_Account_Meta_Rgwkit_Max_Buckets": "1000"},
        {"X_Account_Meta_Temp_URL_Key": "mine"},
    ):
        assert person.status("POST", **fields) == 403
    assert backend.limits(project) == LIMITS and backend.bucket_names(project) == [bucket]
    backend.download_url(project, bucket, "any", 60)
    seen = person.ask("HEAD").headers
    assert "X-Account-Meta-Quota-Bytes" in seen and "X-Account-Meta-Temp-Url-Key" not in seen


def test_quotas_of_bucket_and_project_end_uploads(backend, swift, project, bucket, person):
    backend.change_bucket(project, bucket, Quota(2048, 2), restricted=False)
    assert person.status("PUT", f"{bucket}/large", b"x" * 2049) == 413
    assert person.status("PUT", f"{bucket}/a", b"x" * 2000) == 201
    time.sleep(REMEMBERED_S)
    assert person.status("PUT", f"{bucket}/b", b"x" * 100) == 413
    assert person.status("PUT", f"{bucket}/b", b"x") == 201
    time.sleep(REMEMBERED_S)
    assert person.status("PUT", f"{bucket}/c", b"x") == 413

    backend.change_bucket(project, bucket, Quota(), restricted=False)
    backend.set_limits(project, AccountLimits(Quota(4096), 3))
    assert person.status("PUT", f"{bucket}/d", b"x" * 4096) == 201
    swift.count()
    time.sleep(REMEMBERED_S)
    assert person.status("PUT", f"{bucket}/e", b"x" * 100) == 413
    assert person.status("DELETE", f"{bucket}/d") == 204
    swift.count()
    time.sleep(REMEMBERED_S)
    assert person.status("PUT", f"{bucket}/e", b"x" * 100) == 201


def test_a_key_of_another_project_opens_nothing(backend, swift, project, bucket, person):
    assert person.status("PUT", f"{bucket}/a", b"1") == 201
    other = f"p{new_name()}"
    backend.set_limits(other, LIMITS)
    stranger = Person(person.url, key_of(backend, swift, other).token)
    asked = [("GET", ""), ("HEAD", bucket), ("GET", bucket), ("GET", f"{bucket}/a"), ("DELETE", f"{bucket}/a")]
    assert [stranger.status(*one) for one in asked] == [403] * len(asked)
    assert stranger.status("PUT", f"{bucket}/b", b"1") == 403
    assert requests.get(f"{person.url}/{bucket}/a", timeout=30).status_code == 401


def test_a_removed_key_opens_nothing(backend, swift, project, bucket):
    pair = backend.create_key(project, f"KEY{bucket.upper()}")
    told = backend.client_settings(project, pair.id)
    person = log_in(swift, told, pair.secret.value)
    assert person.status("GET", bucket) == 204
    backend.remove_key(project, pair.id)
    with pytest.raises(requests.HTTPError, match="401"):
        log_in(swift, told, pair.secret.value)
    soon(lambda: person.status("GET", bucket) == 401)


def test_a_key_of_another_project_is_not_removed(backend, swift, project):
    other = f"p{new_name()}"
    backend.set_limits(other, LIMITS)
    pair = backend.create_key(other, f"KEY{other.upper()}")
    backend.remove_key(project, pair.id)
    assert backend.key_ids(other) == [pair.id]
    with pytest.raises(Taken):
        backend.create_key(project, pair.id)


def test_a_project_leaves_neither_keys_nor_its_account_s_access_behind(backend, swift, account, project, person):
    backend.remove_account(project)
    identity = swift.keystone.identity
    assert identity.ask("GET", f"projects?name=portal-{project}").json()["projects"] == []
    soon(lambda: person.status("GET") == 401)
    domain = identity.ask("GET", f"domains?name={account['domain']}").json()["domains"][0]["id"]
    users = identity.ask("GET", f"users?domain_id={domain}").json()["users"]
    assert not [one for one in users if one["description"].endswith(project)]


def test_a_project_of_others_is_left_alone(backend, swift, account):
    identity, other = swift.keystone.identity, f"p{new_name()}"
    domain = identity.ask("GET", f"domains?name={account['domain']}").json()["domains"][0]["id"]
    identity.create("project", name=f"portal-{other}", domain_id=domain, description="Somebody's")
    for ask in (
        lambda: backend.set_limits(other, LIMITS),
        lambda: backend.limits(other),
        lambda: backend.create_key(other, "KEYOFOTHERS"),
        lambda: backend.remove_account(other),
    ):
        with pytest.raises(Taken):
            ask()
    found = identity.ask("GET", f"projects?name=portal-{other}").json()["projects"]
    assert [one["description"] for one in found] == ["Somebody's"]


def test_two_portals_do_not_take_each_other_s_projects(backend, account, project):
    second = SwiftBackend(settings(account, home="second"))
    with pytest.raises(Taken):
        second.bucket_names(project)
    second.close()


def test_the_portal_s_account_is_none_in_other_domains(swift, account):
    identity = swift.keystone.identity
    who = (account["user"], Path(account["password_file"]).read_text(), "Default")
    scope = {"domain": {"name": account["domain"]}}
    token = identity.issued(identity.url, who, scope).headers["X-Subject-Token"]
    user = {"user": {"name": new_name(), "domain_id": "default", "password": "0123456789abcdef"}}
    project = {"project": {"name": new_name(), "domain_id": "default"}}
    for kind, one in (("users", user), ("projects", project)):
        assert identity.ask("POST", kind, one, token).status_code == 403
    assert identity.ask("GET", "users?domain_id=default", token=token).json().get("users", []) == []


def test_an_admin_of_one_domain_would_be_one_of_all(swift, tmp_path):
    account, identity = portal_account(swift, tmp_path, "admin"), swift.keystone.identity
    who = (account["user"], Path(account["password_file"]).read_text(), "Default")
    token = identity.issued(identity.url, who, {"domain": {"name": account["domain"]}}).headers["X-Subject-Token"]
    project = {"project": {"name": new_name(), "domain_id": "default"}}
    assert identity.ask("POST", "projects", project, token).status_code == 201


def test_the_portal_s_account_gives_keys_no_other_role(swift, account, backend, project):
    identity = swift.keystone.identity
    pair = backend.create_key(project, f"KEY{project.upper()}")
    user = identity.ask("GET", f"users?name={pair.id}").json()["users"][0]
    who = (account["user"], Path(account["password_file"]).read_text(), "Default")
    token = identity.issued(identity.url, who, {"domain": {"name": account["domain"]}}).headers["X-Subject-Token"]
    path = f"projects/{user['default_project_id']}/users/{user['id']}/roles"
    for role, status in (("ResellerAdmin", 403), ("admin", 403), ("reader", 204)):
        assert identity.ask("PUT", f"{path}/{identity.role(role)}", token=token).status_code == status


def test_a_role_that_administers_accounts_is_refused(swift, tmp_path, caplog):
    account = portal_account(swift, tmp_path, "admin")
    backend = SwiftBackend(settings(account, key_role="member"))
    name = f"p{new_name()}"
    backend.set_limits(name, LIMITS)
    with pytest.raises(BackendRefused):
        backend.create_key(name, f"KEY{name.upper()}")
    assert "the role 'member'" in caplog.text and "one of operator_roles" in caplog.text
    assert backend.key_ids(name) == []
    backend.close()
    unknown = SwiftBackend(settings(account, key_role="nobodys"))
    with pytest.raises(BackendRefused):
        unknown.check()
    assert "Could not find the role 'nobodys'" in caplog.text
    unknown.close()


def test_without_quotas_in_the_pipeline_the_portal_does_not_serve(swift, account, project, bucket, caplog):
    with swift.proxy_without("account-quotas", "tempurl", "formpost") as url:
        backend = SwiftBackend(settings(account, endpoint=url))
        for ask in (backend.check, lambda: backend.set_limits(project, LIMITS)):
            with pytest.raises(BackendRefused):
                ask()
        assert caplog.text.count("Could not find account_quotas in the pipeline") == 2
        with pytest.raises(NotOffered):
            backend.download_url(project, bucket, "any", 60)
        with pytest.raises(NotOffered):
            backend.upload_form(project, bucket, "", "http://127.0.0.1:9/", 60)
        backend.close()


def test_who_is_away_and_a_wrong_password_are_told_apart(account, tmp_path):
    for place in ("endpoint", "keystone_url"):
        away = SwiftBackend(settings(account, **{place: "http://127.0.0.1:9"}))
        with pytest.raises(Unavailable):
            away.check()
        away.close()
    wrong = SwiftBackend(settings(account, password_file=write_secret(tmp_path / "wrong", "canary-wrong-password")))
    with pytest.raises(BackendRefused) as refused:
        wrong.check()
    assert "canary" not in str(refused.value)
    wrong.close()


def test_without_tls_secrets_travel_only_where_that_is_allowed(account):
    for place in ("endpoint", "keystone_url"):
        given = {place: "http://swift.example.com:8080", "allow_cleartext_secrets": False}
        with pytest.raises(ValidationError, match="to another host without TLS"):
            settings({**account, "endpoint": "https://swift.example.com"}, **given)


def test_a_token_that_has_ended_is_replaced(account, swift, backend, project):
    backend.check()
    before = swift.keystone.logins("rgwkit")
    for shared in backend._tokens:
        swift.keystone.identity.revoke(shared._token.value.value)
    backend.bucket_names(project)
    # Swift remembers for a while that the other token was good.
    soon(lambda: bool(backend.bucket_names(project) == []) and swift.keystone.logins("rgwkit") == before + 2)


ODD = ["a b.txt", "ümlaut/é.txt", "plus+&=%.txt", "in/one", "in/deeper/two", "page.html"]


@pytest.fixture
def filled(bucket, person) -> str:
    """The name of a bucket with objects of odd names."""
    for key in ODD:
        assert person.status("PUT", f"{bucket}/{quote(key)}", key.encode(), Content_Type="text/html") == 201
    return bucket


def test_objects_are_listed_by_folders_and_pages(backend, project, filled):
    whole = backend.objects(project, filled, "", "", 100)
    assert whole.folders == ["in/", "ümlaut/"] and whole.following == ""
    assert [one.key for one in whole.objects] == ["a b.txt", "page.html", "plus+&=%.txt"]
    assert [one.size for one in whole.objects] == [7, 9, 12]
    assert all(one.modified.endswith("Z") for one in whole.objects)
    seen, after = [], ""
    while True:
        page = backend.objects(project, filled, "", after, 2)
        seen += [*page.folders, *(one.key for one in page.objects)]
        assert len(page.folders) + len(page.objects) <= 2
        after = page.following
        if not after:
            break
    assert sorted(seen) == sorted([*whole.folders, *(one.key for one in whole.objects)])
    inside = backend.objects(project, filled, "in/", "", 100)
    assert inside.folders == ["in/deeper/"] and [one.key for one in inside.objects] == ["in/one"]


def test_a_signed_url_downloads_for_a_while(backend, project, filled):
    for key in ODD:
        answer = requests.get(backend.download_url(project, filled, key, 60), timeout=30)
        assert (answer.status_code, answer.content) == (200, key.encode()), answer.text
        assert answer.headers["Content-Disposition"].startswith("attachment")
    url = backend.download_url(project, filled, "a b.txt", 1)
    time.sleep(2.5)
    assert requests.get(url, timeout=30).status_code == 401
    url = backend.download_url(project, filled, "a b.txt", 60)
    assert requests.get(url.replace("a%20b.txt", "in/one"), timeout=30).status_code == 401
    assert requests.put(url, b"1", timeout=30).status_code == 401


BACK = "http://127.0.0.1:9/web?done=uploaded&sent=form"


def send(form, content: bytes, name: str = "new é.txt", **changes: str) -> requests.Response:
    files = {"file": (name, content)}
    return requests.post(
        changes.pop("url", form.url), {**form.fields, **changes}, files=files, allow_redirects=False, timeout=30
    )


def led_back(answer: requests.Response) -> str:
    """The status that Swift tells the page to which a form leads back."""
    assert answer.status_code == 303 and answer.headers["Location"].startswith(f"{BACK}&"), answer.text
    return parse_qs(urlsplit(answer.headers["Location"]).query)["status"][0]


def test_an_upload_form_takes_files_below_its_prefix_alone(backend, project, filled):
    form = backend.upload_form(project, filled, "in/", BACK, 60)
    assert led_back(send(form, b"12345")) == "201"
    assert ("in/new é.txt", 5) in [
        (one.key, one.size) for one in backend.objects(project, filled, "in/", "", 9).objects
    ]
    assert send(form, b"1", url=form.url.removesuffix("in/")).status_code == 401
    assert send(form, b"1", max_file_size="1000000000").status_code == 401
    late = backend.upload_form(project, filled, "in/", BACK, 1)
    time.sleep(2.5)
    assert send(late, b"1").status_code == 401


def test_an_upload_form_keeps_quotas(backend, project, filled, bucket):
    used = sum(len(key.encode()) for key in ODD)
    backend.change_bucket(project, bucket, Quota(1024), restricted=False)
    form = backend.upload_form(project, filled, "", BACK, 60)
    assert form.fields["max_file_size"] == str(1024 - used)
    assert send(form, b"x" * 1024).status_code == 400
    assert led_back(send(form, b"x" * (1024 - used), "rest")) == "201"
    with pytest.raises(LimitReached):
        backend.upload_form(project, filled, "", BACK, 60)
    # Swift does not know the length of the file, and refuses what comes after the quota has been exceeded.
    assert led_back(send(form, b"x", "one")) == "201"
    time.sleep(REMEMBERED_S)
    assert led_back(send(form, b"x", "more")) == "413"
    backend.change_bucket(project, bucket, Quota(), restricted=True)
    assert led_back(send(form, b"x", "more")) == "413"
    assert "more" not in [one.key for one in backend.objects(project, filled, "", "", 99).objects]


def test_the_key_for_signatures_is_made_once_and_is_no_key_of_the_project(backend, project, filled):
    keys = backend.key_ids(project)
    with ThreadPoolExecutor(4) as threads:
        urls = list(threads.map(lambda key: backend.download_url(project, filled, key, 60), ODD))
    assert [requests.get(url, timeout=30).content for url in urls] == [key.encode() for key in ODD]
    assert backend.key_ids(project) == keys


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "x" * 257, "ü" * 129], ids=repr)
def test_names_that_no_container_has(backend, project, name):
    with pytest.raises(Unusable):
        backend.create_bucket(project, name, Quota())
    for ask in (lambda: backend.bucket(project, name), lambda: backend.delete_bucket(project, name, True)):
        with pytest.raises(NotFound):
            ask()
    assert backend.buckets(project, [name]) == [] and backend.bucket_names(project) == []


@pytest.mark.parametrize("name", ["x" * 256, "ü" * 128, "a b", "%2e%2e", "?&#"], ids=repr)
def test_odd_names_that_a_container_has(backend, project, name):
    assert backend.create_bucket(project, name, Quota(1024)).name == name
    assert backend.bucket_names(project) == [name] and backend.bucket(project, name).quota == Quota(1024)
    backend.delete_bucket(project, name, with_objects=True)
    assert backend.bucket_names(project) == []


def test_a_bucket_with_more_objects_than_a_page_goes(backend, project, bucket, person, monkeypatch):
    monkeypatch.setattr("services.portal.backends.swift.MOST_ENTRIES", 3)
    for number in range(7):
        assert person.status("PUT", f"{bucket}/o{number}", b"1") == 201
    names = sorted([bucket, new_name()])
    backend.create_bucket(project, next(name for name in names if name != bucket), Quota())
    assert backend.bucket_names(project) == names
    backend.delete_bucket(project, bucket, with_objects=True)
    assert backend.bucket_names(project) == [name for name in names if name != bucket]


def test_the_pages_show_a_key_and_lead_to_swift_for_uploads(swift, account, tmp_path):
    port, roles = free_port(), {"user": ["users"], "admin": ["admins"]}
    secret = write_secret(tmp_path / "client", CLIENT_SECRET)
    web = {"url": f"http://127.0.0.1:{port}", "client_id": CLIENT_ID, "client_secret_file": secret}
    with running_issuer() as issuer:
        given = {"roles": roles, "oidc": {"issuer": issuer.url, "audience": AUDIENCE}, "backends": {"swift": account}}
        with running_portal(tmp_path, port=port, web=web, **given) as portal:
            project = f"p{new_name()}"
            new = {"name": project, "people": ["ann"]}
            portal.ask("POST", "/v1/projects", issuer.token("eve", ["admins"]), json=new).raise_for_status()
            ann = signed_in(portal, issuer, "ann", "users")
            ann.open(f"/web/swift/{project}")
            ann.send(f"/web/swift/{project}/buckets", name=f"{project}-raw")
            page = ann.open(f"/web/swift/{project}/buckets/{project}-raw")
            assert f"form-action 'self' {swift.url};" in page.headers["Content-Security-Policy"]
            form = UploadForm(ann.page)
            back = requests.post(
                form.action, form.fields, files={"file": ("a", b"1")}, allow_redirects=False, timeout=30
            )
            ann.open(back.headers["Location"].removeprefix(portal.url))
            assert "The file has been uploaded." in ann.page and "Download a" in ann.page
            got = ann.send(f"/web/swift/{project}/buckets/{project}-raw/downloads", key="a")
            assert requests.get(got.headers["Location"], timeout=30).content == b"1"

            ann.open(f"/web/swift/{project}/keys")
            ann.send(f"/web/swift/{project}/keys", label="laptop")
            shown = dict(re.findall(r"<dt>([^<]+)</dt><dd><code>([^<]+)</code></dd>", ann.page))
            assert shown["OS_USERNAME"] == shown["Access key"] and "OS_PASSWORD" in ann.page
            assert log_in(swift, shown, shown["Secret key"]).status("PUT", f"{project}-raw/b", b"1") == 201


def test_the_whole_way_over_the_rest_interface_shows_no_secret(swift, tmp_path):
    roles = {"user": ["users"], "admin": ["admins"], "uber_admin": ["ubers"]}
    account = portal_account(swift, tmp_path)
    account["limits"] = {"max_bytes": 1024 * 1024, "max_buckets": 3}
    with running_issuer() as issuer:
        oidc = {"issuer": issuer.url, "audience": AUDIENCE}
        with running_portal(tmp_path, roles=roles, oidc=oidc, backends={"swift": account}) as portal:
            user, manager, uber = issuer.token(), issuer.token("eve", ["admins"]), issuer.token("zoe", ["ubers"])

            def ask(method: str, path: str, token: str, status: int, **options: object) -> dict:
                answer = portal.ask(method, path, token, **options)
                assert answer.status_code == status, answer.text
                return answer.json()

            ready = portal.ask("GET", "/health/ready")
            assert (ready.status_code, ready.json()["backends"]) == (200, {"swift": "ok"})
            ask("POST", "/v1/projects", manager, 201, json={"name": "genomes", "people": ["ann"]})
            project = "/v1/swift/projects/genomes"
            ask("POST", f"{project}/buckets", user, 201, json={"name": "genomes-raw"})
            wanted = {"wanted": {"max_objects": 5}, "reason": "why not"}
            assert ask("POST", f"{project}/requests", user, 501, json=wanted)["type"].endswith(":not-offered")
            key = ask("POST", f"{project}/keys", user, 201, json={"label": "laptop"})
            person = log_in(swift, key["settings"], key["secret"])
            assert person.status("PUT", "genomes-raw/a", b"12345") == 201
            swift.count()
            assert ask("GET", f"{project}/usage", user, 200)["usage"] == {"bytes": 5, "objects": 1, "uploads": 0}
            bucket = f"{project}/buckets/genomes-raw"
            url = ask("POST", f"{bucket}/downloads", user, 201, json={"key": "a"})["url"]
            assert requests.get(url, timeout=30).content == b"12345"
            new = ask("POST", f"{project}/keys/{key['id']}/rotate", user, 201, json={"grace_s": 0})
            with pytest.raises(requests.HTTPError, match="401"):
                log_in(swift, key["settings"], key["secret"])
            ask("PATCH", bucket, manager, 200, json={"restricted": True})
            assert log_in(swift, new["settings"], new["secret"]).status("PUT", "genomes-raw/b", b"1") == 413
            told = ask("DELETE", bucket, uber, 409)
            gone = ask("DELETE", f"{bucket}?with_objects=true", uber, 200, headers={"If-Match": told["etag"]})
            assert gone == {"deleted": "genomes-raw", "lost": {"bytes": 5, "objects": 1, "uploads": 0}}
            ask("DELETE", "/v1/projects/genomes", uber, 200)
    password = Path(account["password_file"])
    kept = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and one != password)
    logs = swift.logs() + swift.keystone.logs()
    assert "genomes-raw" in logs and b"genomes-raw" in kept
    for secret in (key["secret"], new["secret"], password.read_text()):
        assert secret.encode() not in kept
        assert secret not in logs
    # Swift's object servers log whole URLs.
    assert parse_qs(urlsplit(url).query)["temp_url_sig"][0].encode() not in kept
