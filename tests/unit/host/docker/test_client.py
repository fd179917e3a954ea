# SPDX-License-Identifier: Apache-2.0
"""The calls of the Engine API, as a daemon on a real socket gets and answers them."""

from __future__ import annotations

import base64
import json
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker import client
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.client import connect

from tests.unit.host.docker.daemon_double import chunks, early, frame, hijacked, lines, refusal, reply

FOUND = {"Id": "0123abc", "Name": "/hub", "Config": {"Tty": False, "Entrypoint": ["registry"]}}
DIGEST = "sha256:" + "a" * 64
CREATE = ("POST", "/images/create")
PUSH = ("POST", "/images/127.0.0.1:5000/a/b/push")


def auth_of(request):
    return json.loads(base64.urlsafe_b64decode(request.headers["x-registry-auth"]))


@pytest.mark.parametrize(
    ("spoken", "least", "chosen"),
    [
        ("1.41", "1.12", "1.41"),
        ("1.55", "1.44", "1.44"),
        ("1.60", "1.50", "1.50"),
        ("1.41", None, "1.41"),
        ("1.9", "1.2", "1.9"),
    ],
)
def test_the_version_is_one_that_both_know(daemon, spoken, least, chosen):
    daemon.answers["GET", "/version"] = reply({"ApiVersion": spoken, "MinAPIVersion": least})
    docker = connect(1, daemon.environment)
    assert docker.image("x:1") is None
    assert daemon.asked() == [f"GET /v{chosen}/images/x:1/json"]


def test_a_version_that_the_user_wants_is_spoken(daemon):
    connect(1, {**daemon.environment, "DOCKER_API_VERSION": "1.30"}).image("x:1")
    assert daemon.asked() == ["GET /v1.30/images/x:1/json"]


def test_a_container_is_found_by_its_whole_name_or_id(daemon, docker):
    for known in ("hub", "0123", "0123abc"):
        daemon.answers["GET", f"/containers/{known}/json"] = reply(FOUND)
    assert docker.container("hub") == docker.container("0123abc") == FOUND
    assert docker.container("0123") is None
    assert docker.container("missing") is None


def test_a_daemon_that_fails_is_no_missing_container(daemon, docker):
    daemon.answers["GET", "/containers/hub/json"] = refusal("500 Internal Server Error", "layer store is broken")
    with pytest.raises(ToolError, match="inspect container hub: HTTP 500 layer store is broken") as failure:
        docker.container("hub")
    assert (failure.value.status, failure.value.operation) == (500, "inspect")


def test_the_log_is_read_from_its_frames(daemon, docker):
    daemon.answers["GET", "/containers/0123abc/logs"] = chunks(
        frame(b"one\nt"), frame(b"wo\n", 2)[:5], frame(b"wo\n", 2)[5:]
    )
    assert docker.logs(FOUND, since=7, tail=20) == "one\ntwo\n"
    assert daemon.requests[-1].query == {"stdout": ["1"], "stderr": ["1"], "since": ["7"], "tail": ["20"]}
    assert docker.logs(FOUND) == "one\ntwo\n"
    assert daemon.requests[-1].query["tail"] == ["all"]


def test_the_log_of_a_terminal_has_no_frames(daemon, docker):
    daemon.answers["GET", "/containers/0123abc/logs"] = chunks(b"one\r\n", b"t\xffwo")
    assert docker.logs({**FOUND, "Config": {"Tty": True}}) == "one\r\nt\ufffdwo"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (chunks(frame(b"one")[:-1]), "ended early"),
        (chunks(frame(b"one"), last=False), "ended the connection early"),
        (chunks(b"no frames at all"), "no frames"),
        (chunks(frame(b"one"), frame(b"Error grabbing logs: EOF\n", 3)), "Error grabbing logs: EOF"),
        (refusal("501 Not Implemented", "the logging driver does not support reading"), "does not support reading"),
        (reply(b"\xffnot json", "502 Bad Gateway"), "not json"),
    ],
)
def test_a_log_that_cannot_be_read_is_an_error(daemon, docker, answer, said):
    daemon.answers["GET", "/containers/0123abc/logs"] = answer
    with pytest.raises(ToolError, match=f"read the log of container hub: .*{said}"):
        docker.logs(FOUND)


def test_a_command_s_output_comes_as_it_is_written_and_then_its_exit_code(daemon, docker):
    daemon.answers.update(
        {
            ("POST", "/containers/0123abc/exec"): reply({"Id": "e1"}, "201 Created"),
            ("POST", "/exec/e1/start"): hijacked(frame(b"out"), frame(b""), frame(b"err", 2)),
            ("GET", "/exec/e1/json"): [reply({"ExitCode": None}), reply({"ExitCode": 3})],
        }
    )
    running = docker.execute(FOUND, ["sh", "-c", "exit 3"])
    assert daemon.asked() == ["POST /v1.41/containers/0123abc/exec"]  # nothing runs yet
    assert list(running) == [b"out", b"err"]
    assert running.exit_code() == 3
    made, started = (json.loads(request.body) for request in daemon.requests[1:3])
    assert made == {"AttachStdout": True, "AttachStderr": True, "Cmd": ["sh", "-c", "exit 3"]}
    assert started == {"Detach": False, "Tty": False}


def test_a_command_that_does_not_end_is_given_up(daemon, docker, monkeypatch):
    monkeypatch.setattr(client, "_EXIT_CODE_SECONDS", 0.3)
    daemon.answers["POST", "/containers/0123abc/exec"] = reply({"Id": "e1"}, "201 Created")
    daemon.answers["GET", "/exec/e1/json"] = reply({"ExitCode": None})
    with pytest.raises(ToolError, match=r"run sh in container hub: .*still runs"):
        docker.execute(FOUND, ["sh"]).exit_code()


def test_a_container_that_does_not_run_executes_nothing(daemon, docker):
    daemon.answers["POST", "/containers/0123abc/exec"] = refusal("409 Conflict", "Container 0123abc is not running")
    with pytest.raises(ToolError, match="run sh in container hub: HTTP 409 Container 0123abc is not running"):
        docker.execute(FOUND, ["sh"])


def test_a_program_may_run_longer_than_it_may_be_silent(daemon, docker):
    def slow(sock):
        hijacked()(sock)
        for _ in range(4):
            time.sleep(0.4)
            sock.sendall(frame(b"."))

    daemon.answers["POST", "/containers/0123abc/exec"] = reply({"Id": "e1"}, "201 Created")
    daemon.answers["POST", "/exec/e1/start"] = slow
    assert b"".join(docker.execute(FOUND, ["sh"])) == b"...."


def test_a_silent_program_is_given_up(daemon, docker):
    def silent(sock):
        hijacked(frame(b"begun"))(sock)
        time.sleep(3)

    daemon.answers["POST", "/containers/0123abc/exec"] = reply({"Id": "e1"}, "201 Created")
    daemon.answers["POST", "/exec/e1/start"] = silent
    running = iter(docker.execute(FOUND, ["sh"]))
    assert next(running) == b"begun"
    with pytest.raises(ToolError, match="run sh in container hub: nothing came for 1 s"):
        next(running)


def test_an_image_is_found(daemon, docker):
    daemon.answers["GET", "/images/127.0.0.1:5000/a/b:1/json"] = reply({"Id": DIGEST})
    assert docker.image("127.0.0.1:5000/a/b:1") == {"Id": DIGEST}
    assert docker.image("127.0.0.1:5000/a/b:2") is None


def test_a_file_system_is_imported_block_by_block(daemon, docker):
    daemon.answers[CREATE] = chunks(lines({"status": "Importing"}), lines({"status": DIGEST}))
    assert docker.import_image(iter([b"a ", b"", b"tar"]), "x/y:1", {"b": "2", "a": "1"}) == DIGEST
    request = daemon.requests[-1]
    assert request.body == b"a tar"
    assert request.query == {"fromSrc": ["-"], "repo": ["x/y"], "tag": ["1"], "changes": ['LABEL a="1"', 'LABEL b="2"']}


def test_a_slow_tar_file_is_waited_for(daemon, docker):
    def slow():
        for block in (b"a", b"b", b"c"):
            time.sleep(0.6)
            yield block

    daemon.answers[CREATE] = reply(lines({"status": DIGEST}))
    assert docker.import_image(slow()) == DIGEST
    assert daemon.requests[-1].body == b"abc"


def test_a_daemon_that_refuses_a_tar_file_early_says_why(daemon, docker):
    daemon.answers[CREATE] = early(refusal("500 Internal Server Error", "no space left on device"))
    with pytest.raises(ToolError, match="import image x:1: HTTP 500 no space left on device"):
        docker.import_image((b"\0" * 65536 for _ in range(1000)), "x:1")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(lines({"error": "unexpected EOF", "errorDetail": {"message": "unexpected EOF"}})), "unexpected EOF"),
        (reply(b""), "reported no image"),
        (reply(lines({"status": "Importing"})[:-4]), "no JSON "),
        (reply(b"[1]\n"), "no JSON object"),
    ],
)
def test_an_import_that_fails_is_an_error(daemon, docker, answer, said):
    daemon.answers[CREATE] = answer
    with pytest.raises(ToolError, match=f"import image x:1: .*{said}"):
        docker.import_image([b"tar"], "x:1")


def test_an_image_is_tagged_and_removed(daemon, docker):
    daemon.answers["POST", f"/images/{DIGEST}/tag"] = reply(b"", "201 Created")
    daemon.answers["DELETE", "/images/a/b:1"] = reply([{"Untagged": "a/b:1"}])
    docker.tag_image(DIGEST, "localhost:5000/a/b:1")
    assert daemon.requests[-1].query == {"repo": ["localhost:5000/a/b"], "tag": ["1"]}
    docker.remove_image("a/b:1", force=True)
    assert daemon.requests[-1].query == {"force": ["1"]}
    with pytest.raises(ToolError, match="remove image c:1: HTTP 404"):
        docker.remove_image("c:1")


def test_a_push_gives_its_events_and_takes_the_login_in_a_header(daemon, docker):
    done = {"status": f"1: digest: {DIGEST} size: 528"}
    text = lines({"status": "Preparing", "progressDetail": {}}, done)
    daemon.answers[PUSH] = chunks(text[:10], text[10:50], text[50:])
    events = list(docker.push("127.0.0.1:5000/a/b", "1", Login("ci", "pässword")))
    assert events[-1] == done and len(events) == 2
    request = daemon.requests[-1]
    assert auth_of(request) == {"username": "ci", "password": "pässword"}
    assert request.query == {"tag": ["1"]}


def test_a_pull_without_a_login_sends_an_empty_one(daemon, docker):
    daemon.answers[CREATE] = chunks(lines({"status": f"Digest: {DIGEST}"}))
    assert list(docker.pull("a/b", "1", None)) == [{"status": f"Digest: {DIGEST}"}]
    assert auth_of(daemon.requests[-1]) == {}
    assert daemon.requests[-1].query == {"fromImage": ["a/b"], "tag": ["1"]}


@pytest.mark.parametrize(
    "event", [{"errorDetail": {"message": "denied"}}, {"error": "denied"}, {"error": "denied", "errorDetail": {}}]
)
def test_an_error_in_the_middle_of_a_push_is_an_error(daemon, docker, event):
    daemon.answers[PUSH] = chunks(lines({"status": "Preparing"}, event, {"status": "after"}))
    login = Login("ci", "canary")
    with pytest.raises(
        ToolError, match=r"push 127\.0\.0\.1:5000/a/b:1: denied\. Read the logs of the registry"
    ) as failure:
        list(docker.push("127.0.0.1:5000/a/b", "1", login))
    assert "canary" not in repr(failure.value)


def test_a_call_takes_no_longer_than_it_may_however_much_comes(daemon, docker):
    def drip(sock):
        chunks(last=False)(sock)
        while True:
            sock.sendall(b"1\r\n \r\n")
            time.sleep(0.1)

    daemon.answers[PUSH] = drip
    begin = time.monotonic()
    with pytest.raises(ToolError, match="no answer within 1 s from the docker daemon"):
        list(docker.push("127.0.0.1:5000/a/b", "1", None))
    assert time.monotonic() - begin < 3


def test_a_daemon_that_does_not_answer_is_given_up(daemon):
    daemon.answers["GET", "/version"] = lambda sock: time.sleep(3)
    begin = time.monotonic()
    with pytest.raises(ToolError, match=r"ask the docker daemon at /.*docker\.sock: no answer within 0\.5 s"):
        connect(0.5, daemon.environment)
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda sock: None,
        lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Le"),
        lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"),
        lambda sock: sock.sendall(b"no HTTP at all\r\n\r\n"),
        chunks(b"{", last=False),
        reply(b"{"),
    ],
)
def test_an_answer_that_ends_early_is_an_error(daemon, answer):
    daemon.answers["GET", "/version"] = answer
    with pytest.raises(ToolError, match="ask the docker daemon"):
        connect(1, daemon.environment)


def test_a_client_that_stops_listening_leaves_no_connection(daemon, docker):
    done = []

    def endless(sock):
        hijacked()(sock)
        try:
            while True:
                sock.sendall(frame(b"x" * 4096))
        except OSError:
            done.append(True)

    daemon.answers["POST", "/containers/0123abc/exec"] = reply({"Id": "e1"}, "201 Created")
    daemon.answers["POST", "/exec/e1/start"] = endless
    stream = iter(docker.execute(FOUND, ["yes"]))
    assert next(stream)
    stream.close()
    end = time.monotonic() + 5
    while not done and time.monotonic() < end:
        time.sleep(0.01)
    assert done
