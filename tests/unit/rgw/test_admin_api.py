# SPDX-License-Identifier: Apache-2.0
"""The admin client: what it asks, when it asks again, and what it says when it gives up."""

from __future__ import annotations

import datetime
import email.utils
import socket
import threading
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient

from tests.unit.rgw.gateway_double import JSON, REQUEST_ID, Fault, running_gateway

CANARY = "canary-4f1d0c6e9b"
DOCUMENT = {"ver": {"ver": 1}, "data": {"user_id": "u"}}


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def client(gateway):
    client = make_client(gateway.endpoint)
    yield client
    client.close()


def make_client(endpoint, **options):
    options = {"timeout": 2.0, "wait": 1.0, **options}
    return AdminClient(endpoint, Login("AKADMIN", CANARY), **options)


def failure(call, *args):
    with pytest.raises(ToolError) as caught:
        call(*args)
    assert CANARY not in str(caught.value) + repr(caught.value) + str(caught.value.as_dict())
    return caught.value


def test_reads_the_whole_document(gateway, client):
    gateway.add_user("t$u", display_name="U", unknown_field=[1])
    assert client.read_user("t$u")["data"]["unknown_field"] == [1]
    assert gateway.requests == [("GET", "/admin/metadata/user?key=t%24u")]


@pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchUser"])
def test_absent_is_what_the_admin_api_calls_absent(gateway, client, code):
    gateway.faults.append(Fault(404, code))
    assert client.read_user("nobody") is None


XML = (REQUEST_ID, ("content-type", "application/xml"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault(404, headers=XML, body=b"<Error><Code>NoSuchBucket</Code></Error>"),
        # A bucket named "admin" answers where the admin API is off.
        Fault(404, headers=XML, body=b"<Error><Code>NoSuchKey</Code></Error>"),
        Fault(405, "MethodNotAllowed"),
    ],
)
def test_admin_api_switched_off_is_not_taken_for_absent(gateway, client, fault):
    gateway.faults.append(fault)
    error = failure(client.read_user, "u")
    assert "rgw_enable_apis" in error.hint
    assert error.status in (404, 405)


def test_the_document_goes_out_in_the_body_and_only_over_an_older_one(gateway, client):
    client.write_user("u", {**DOCUMENT, "secret": CANARY})
    assert gateway.users["u"]["secret"] == CANARY
    assert gateway.requests == [("PUT", "/admin/metadata/user?key=u&update-type=update-by-version")]


def test_requests_share_one_connection(gateway, client):
    for _ in range(5):
        client.read_user("u")
    assert gateway.connections == 1


@pytest.mark.parametrize("fault", [Fault(), Fault(503, "SlowDown"), Fault(409, "ConcurrentModification")])
def test_reads_are_tried_again(gateway, client, fault):
    gateway.faults += [fault]
    assert client.read_user("u") is None
    assert gateway.methods() == ["GET", "GET"]


def test_record_writes_are_tried_again(gateway, client):
    gateway.faults += [Fault()]
    client.write_user("u", DOCUMENT)
    assert gateway.methods() == ["PUT", "PUT"]


@pytest.mark.parametrize("fault", [Fault(), Fault(500, "UnknownError")])
def test_removal_and_address_are_tried_once(gateway, client, fault):
    gateway.faults += [fault]
    failure(client.remove_user, "u")
    gateway.faults += [fault]
    failure(client.set_email, "u", "u@example.org", None)
    assert gateway.methods() == ["DELETE", "POST"]


@pytest.mark.parametrize(
    "status, code", [(403, "AccessDenied"), (409, "BucketAlreadyExists"), (400, "InvalidArgument")]
)
def test_a_clear_no_is_not_asked_for_twice(gateway, client, status, code):
    gateway.faults += [Fault(status, code)]
    assert failure(client.write_user, "u", DOCUMENT).code == code
    assert len(gateway.requests) == 1


def test_gives_up_when_the_time_is_over(gateway):
    gateway.faults += [Fault(500, "UnknownError")] * 100
    started = time.monotonic()
    error = failure(make_client(gateway.endpoint, wait=0.1).read_user, "u")
    assert 0.1 <= time.monotonic() - started < 2
    assert (error.status, error.code) == (500, "UnknownError")
    assert "log" in error.hint


def test_no_waiting_means_one_try(gateway):
    gateway.faults += [Fault(500, "UnknownError")]
    failure(make_client(gateway.endpoint, wait=0).read_user, "u")
    assert len(gateway.requests) == 1


def test_waits_for_a_gateway_that_is_not_up_yet():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    late = {}

    def start():
        time.sleep(0.05)
        late["server"] = socket.create_server(address)
        connection, _ = late["server"].accept()
        connection.recv(4096)
        connection.sendall(
            b"HTTP/1.1 404 x\r\nx-amz-request-id: t\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n"
            b'{"Code":"NoSuchKey"}'
        )
        connection.close()

    thread = threading.Thread(target=start)
    thread.start()
    assert make_client(f"http://127.0.0.1:{address[1]}", wait=5).read_user("u") is None
    thread.join()
    late["server"].close()


HEAD = b"HTTP/1.1 200 OK\r\nx-amz-request-id: t\r\ncontent-type: application/json\r\n"
RECORD = b'{"data": {"user_id": "u"}}'


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\n" + RECORD[:5] + b"\r\n15\r\n" + RECORD[5:] + b"\r\n0\r\n\r\n",
        HEAD + b"connection: close\r\n\r\n" + RECORD,
        b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"content-length: 26\r\nconnection: close\r\n\r\n" + RECORD,
    ],
    ids=["in chunks", "until the end", "after another"],
)
def test_answers_that_a_proxy_has_framed(answer):
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def serve():
            for _connection in range(2):
                connection, _ = proxy.accept()
                connection.recv(4096)
                for half in (answer[:130], answer[130:]):
                    connection.sendall(half)
                    time.sleep(0.01)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        client = make_client(f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert [client.read_user("u"), client.read_user("u")] == [{"data": {"user_id": "u"}}] * 2
        thread.join()


def test_half_an_answer_is_none():
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def serve():
            connection, _ = proxy.accept()
            connection.recv(4096)
            connection.sendall(HEAD + b"content-length: 27\r\n\r\n" + RECORD)
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        client = make_client(f"http://127.0.0.1:{proxy.getsockname()[1]}", wait=0)
        assert failure(client.read_user, "u").code.startswith("closed: ")


def test_nothing_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = failure(make_client(f"http://127.0.0.1:{port}", wait=0).read_user, "u")
    assert str(error).startswith(
        f"Could not read user 'u' at http://127.0.0.1:{port}: refused: 127.0.0.1 port {port}: Connection refused. "
        "Check that the gateway runs"
    )


def test_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = make_client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1, wait=0)
        assert failure(client.read_user, "u").code.startswith("timeout: ")


def test_something_else_than_http():
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet():
            connection, _ = other.accept()
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            connection.recv(4096)
            connection.close()

        threading.Thread(target=greet, daemon=True).start()
        error = failure(make_client(f"http://127.0.0.1:{other.getsockname()[1]}", wait=0).read_user, "u")
        assert error.code.startswith("bad-status-line: ")


def test_tls_to_a_port_without_it(gateway):
    error = failure(make_client(gateway.endpoint.replace("http:", "https:"), wait=0).read_user, "u")
    assert error.code.startswith("tls-error: ")
    assert "http://" in error.hint


def test_unknown_host():
    assert failure(make_client("http://no-such-host.invalid").read_user, "u").code.startswith(
        "refused: the name no-such-host.invalid"
    )


@pytest.mark.parametrize(
    "code, says",
    [
        ("InvalidAccessKeyId", "knows no access key 'AKADMIN'"),
        ("SignatureDoesNotMatch", "does not belong to access key 'AKADMIN'"),
        ("AccessDenied", "radosgw-admin caps add --uid=... --caps='metadata=read'"),
        ("UserSuspended", "suspended"),
    ],
)
def test_what_is_wrong_with_the_admin_is_said(gateway, client, code, says):
    gateway.faults += [Fault(403, code)]
    error = failure(client.read_user, "u")
    assert str(error).startswith(f"Could not read user 'u' at {gateway.endpoint}: HTTP 403 {code}. ")
    assert says in error.hint


def test_clock_difference_is_measured(gateway, client):
    theirs = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=20)
    date = ("date", email.utils.format_datetime(theirs, usegmt=True))
    gateway.faults += [Fault(403, "RequestTimeTooSkewed", headers=(REQUEST_ID, JSON, date))]
    hint = failure(client.read_user, "u").hint
    assert any(f"{seconds} s behind the gateway's" in hint for seconds in (1199, 1200, 1201))


@pytest.mark.parametrize("status, body", [(200, b"<html>"), (404, b"<html>"), (403, b"denied")])
def test_what_is_no_gateway(gateway, client, status, body):
    gateway.faults += [Fault(status, headers=(), body=body)]
    assert "not from a Ceph Object Gateway" in failure(client.read_user, "u").hint


@pytest.mark.parametrize("body", [b"[]", b"{}", b"no json", b'{"data": 1}'])
def test_an_answer_that_is_no_user_record(gateway, client, body):
    gateway.faults += [Fault(200, body=body)]
    assert failure(client.read_user, "u").code == "without a user record"


def test_an_answer_never_shows_its_body(gateway, client):
    body = b'{"Code": "x y", "secret_key": "' + CANARY.encode() + b'"}'
    gateway.faults += [Fault(400, body=body), Fault(400, body=body)]
    assert failure(client.read_user, "u").code == ""
    assert failure(client.write_user, "u", {**DOCUMENT, "secret": CANARY}).code == ""


def test_an_endless_answer_is_not_read(gateway):
    gateway.faults += [Fault(200, body=b" " * (4 * 1024 * 1024 + 1))]
    assert "too-large" in failure(make_client(gateway.endpoint, wait=0).read_user, "u").code


@pytest.mark.parametrize("names, count", [([], None), (["b"], "1 bucket."), (["b", "c"], "2 buckets.")])
def test_a_user_with_buckets_is_not_removed(gateway, client, names, count):
    gateway.add_user("u")
    gateway.buckets["u"] = names
    if count is None:
        assert client.remove_user("u") is True
        assert client.remove_user("u") is False
    else:
        error = failure(client.remove_user, "u")
        assert error.code == "UserHasBuckets"
        assert count in error.hint
        assert "u" in gateway.users


def test_the_bucket_count_is_no_condition_for_the_error(gateway, client):
    gateway.faults += [Fault(409, "BucketAlreadyExists"), Fault(403, "AccessDenied")]
    assert "number could not be read" in failure(client.remove_user, "u").hint


def test_an_address_belongs_to_one_user(gateway, client):
    client.set_email("a", "a@example.org", "A")
    client.set_email("a", "new@example.org", None)
    error = failure(client.set_email, "b", "new@example.org", "B")
    assert error.code == "EmailExists"
    assert "set e-mail address 'new@example.org' of user 'b'" in str(error)
    assert "b" not in gateway.users


@pytest.mark.parametrize(
    "endpoint",
    [
        "127.0.0.1:8080",
        "ftp://gateway",
        "http://",
        "http://gateway:port",
        "http://gateway/swift/v1",
        "http://gateway?x",
        "http://gätéway",
        f"http://admin:{CANARY}@gateway",
        f"admin:{CANARY}@gateway",
        f"http://[{CANARY}",
    ],
)
def test_bad_endpoint(endpoint):
    with pytest.raises(InputError, match="endpoint") as caught:
        make_client(endpoint)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("options", [{"timeout": 0}, {"wait": -1}, {"ca_file": "/nonexistent/ca.pem"}])
def test_bad_options(options):
    with pytest.raises(InputError):
        make_client("https://gateway", **options)


@pytest.mark.parametrize("access_key, secret_key", [("", "s"), ("a b", "s"), ("a\n", "s"), ("é", "s"), ("a", "")])
def test_bad_credentials(access_key, secret_key):
    with pytest.raises(InputError):
        AdminClient("http://gateway", Login(access_key, secret_key))


def test_credentials_do_not_show_the_secret():
    assert CANARY not in repr(Login("AKADMIN", CANARY)) + str(Login("AKADMIN", CANARY))
