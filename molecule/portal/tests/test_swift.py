# SPDX-License-Identifier: Apache-2.0
"""What people do with Swift beside the gateway, also while Swift is away; tests run in the order of the file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.integration.clients.programs import shell
from tests.portal_pages import Person, UploadForm, s3_client
from tests.swift.person import log_in
from tests.swift.service import Swift

Ask = Callable[..., requests.Response]
SignIn = Callable[[str], Person]
PROJECT = "/v1/swift/projects/biology"
PAGES = "/web/swift/biology"
# For so long, pages show what they have read (services/portal/views.py).
KEPT_S = 11
START_S = 90


def test_a_container_made_by_rest_is_used_with_the_program_swift(
    ben: Ask, swift: Swift, programs: Path, tmp_path: Path
) -> None:
    made = ben("POST", f"{PROJECT}/buckets", name="reads", quota={"max_bytes": 1024 * 1024})
    assert made.status_code == 201, made.text
    key = ben("POST", f"{PROJECT}/keys", label="laptop")
    assert key.status_code == 201, key.text
    settings = {**key.json()["settings"], "OS_CACERT": str(swift.keystone.ca_file), "OS_PASSWORD": key.json()["secret"]}
    (tmp_path / "read").write_bytes(b"a" * 3000)
    said = shell(
        f"swift upload --object-name run1/read reads {tmp_path}/read",
        "swift list reads",
        f"swift download reads run1/read --output {tmp_path}/back",
        path=programs,
        **settings,
    )
    assert "\nrun1/read\n" in said and (tmp_path / "back").read_bytes() == b"a" * 3000
    (tmp_path / "large").write_bytes(b"a" * 2 * 1024 * 1024)
    refused = shell(f"swift upload --object-name large reads {tmp_path}/large", path=programs, code=1, **settings)
    assert "413" in refused

    new = ben("POST", f"{PROJECT}/keys/{key.json()['id']}/rotate", grace_s=0)
    assert new.status_code == 201, new.text
    with pytest.raises(requests.HTTPError, match="401"):
        log_in(swift, key.json()["settings"], key.json()["secret"])
    assert log_in(swift, new.json()["settings"], new.json()["secret"]).status("GET", "reads/run1/read") == 200


def test_the_first_page_has_the_sum_of_both_storages(ben: Ask, person: SignIn, swift: Swift) -> None:
    key = ben("POST", "/v1/rgw/projects/biology/keys", label="laptop").json()
    client = s3_client(key["settings"]["AWS_ENDPOINT_URL"], key["id"], key["secret"])
    client.put_object(Bucket="biology-reads", Key="one", Body=b"a" * 2000)
    swift.count()
    time.sleep(KEPT_S)
    used = {name: ben("GET", f"/v1/{name}/projects/biology/usage").json() for name in ("rgw", "swift")}
    assert used["swift"]["usage"]["bytes"] == 3000 and used["swift"]["buckets"] == 1
    assert used["rgw"]["usage"]["bytes"] == 2000 and used["rgw"]["buckets"] == 1
    sums = re.search(
        r'id="p-biology".*?All storage</th>\s*<td><span class="amount">([^<]+)</span></td>\s*'
        r'<td data-label="Buckets">(\d+)</td>',
        person("ben").page,
        re.DOTALL,
    )
    assert sums and sums.groups() == ("4.9 KiB", "2")


def test_a_person_uploads_downloads_shares_and_rotates_on_the_pages(person: SignIn, swift: Swift) -> None:
    ben = person("ben")
    ben.open(PAGES)
    ben.send(f"{PAGES}/buckets", name="traces")
    form = UploadForm(ben.page)
    assert form.action.startswith(swift.url)
    back = ben.session.post(form.action, form.fields, files={"file": ("first", b"by form")}, timeout=60)
    assert back.status_code == 200 and "The file has been uploaded." in back.text and "Download first" in back.text
    ben.page = back.text
    place = f"{PAGES}/buckets/traces"
    got = ben.send(f"{place}/downloads", key="first")
    assert got.content == b"by form" and got.url.startswith(swift.url)
    ben.open(f"{place}/share?key=first")
    ben.send(f"{place}/share", key="first", seconds="3600")
    (link,) = re.findall(r">\s*(http[^<\s]+temp_url_sig=[^<\s]+)", ben.page)
    assert requests.get(link.replace("&amp;", "&"), timeout=30).content == b"by form"

    ben.open(f"{PAGES}/keys")
    assert ben.send(f"{PAGES}/keys", label="desk").status_code == 201
    shown = settings_of(ben.page)
    ben.open(f"{PAGES}/keys")
    assert ben.send(f"{PAGES}/keys/{shown['Access key']}/rotate", hours="0").status_code == 201
    with pytest.raises(requests.HTTPError, match="401"):
        log_in(swift, shown, shown["Secret key"])
    new = settings_of(ben.page)
    assert log_in(swift, new, new["Secret key"]).ask("GET", "traces/first").content == b"by form"


def settings_of(page: str) -> dict[str, str]:
    """What the page of a new key shows, by name."""
    return dict(re.findall(r"<dt>([^<]+)</dt><dd><code>([^<]+)</code></dd>", page))


def test_while_swift_is_away_the_rest_goes_on(ben: Ask, person: SignIn, swift: Swift) -> None:
    swift.stop()
    try:
        for method, path, body in (
            ("GET", f"{PROJECT}/buckets/reads", {}),
            ("GET", f"{PROJECT}/limits", {}),
            ("POST", f"{PROJECT}/buckets", {"name": "late"}),
        ):
            answer = ben(method, path, **body)
            assert answer.status_code == 503 and answer.json()["type"].endswith(":unavailable"), answer.text
        made = ben("POST", "/v1/rgw/projects/biology/buckets", name="biology-meanwhile")
        assert made.status_code == 201, made.text
        time.sleep(KEPT_S)
        page = person("ben").page
        assert "does not answer at the moment" in page and "All storage that answers" in page
    finally:
        swift.start()


def test_when_swift_is_back_all_that_was_stored_is_there(ben: Ask, swift: Swift) -> None:
    until = time.monotonic() + START_S
    while (found := ben("GET", f"{PROJECT}/buckets/reads")).status_code != 200:
        assert time.monotonic() < until, found.text
        time.sleep(1)
    assert found.json()["usage"]["bytes"] == 3000
    names = [one["name"] for one in ben("GET", f"{PROJECT}/buckets").json()["items"]]
    assert names == ["reads", "traces"]
    assert ben("POST", f"{PROJECT}/buckets", name="late").status_code == 201
    key = ben("POST", f"{PROJECT}/keys", label="after").json()
    assert log_in(swift, key["settings"], key["secret"]).status("PUT", "late/a", b"1") == 201
