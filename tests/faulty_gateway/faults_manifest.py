# SPDX-License-Identifier: Apache-2.0
"""Faults in the answers about dynamic large objects."""

from __future__ import annotations

from .fault import Fault, Reply, no_status_line
from .messages import Request, Response


def _is_empty_manifest(response: Response) -> bool:
    return bool(response.header("X-Object-Manifest")) and response.length == 0


def _is_head_of_empty_manifest(request: Request, response: Response) -> bool:
    return request.method == "HEAD" and _is_empty_manifest(response)


def _head_no_status_line(request: Request, response: Response) -> Reply | None:
    return no_status_line() if _is_head_of_empty_manifest(request, response) else None


def _status_0(request: Request, response: Response) -> Reply | None:
    return Reply(response.with_first_line("HTTP/1.1 0 ")) if _is_head_of_empty_manifest(request, response) else None


def _no_last_modified(request: Request, response: Response) -> Reply | None:
    return Reply(response.without("Last-Modified")) if _is_head_of_empty_manifest(request, response) else None


def _head_hangs(request: Request, response: Response) -> Reply | None:
    return Reply(hang=True) if _is_head_of_empty_manifest(request, response) else None


def _get_no_status_line(request: Request, response: Response) -> Reply | None:
    return no_status_line() if request.method == "GET" and _is_empty_manifest(response) else None


def _orphan_no_status_line(request: Request, response: Response) -> Reply | None:
    return no_status_line() if request.object_name == "orphan" and response.status == 404 else None


def _empty_segment_spins(request: Request, response: Response) -> Reply | None:
    manifest = response.header("X-Object-Manifest") or ""
    return Reply(hang=True) if request.method == "GET" and manifest.endswith("/empty-segment/") else None


def _size_lags(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or not response.header("X-Object-Manifest"):
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _prefix_not_decoded(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or "%" not in (response.header("X-Object-Manifest") or ""):
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _answer_cut(request: Request, response: Response) -> Reply | None:
    if request.method != "GET" or request.object_name != "whole":
        return None
    return Reply(response.head + response.body[:10], cut=True)


MANIFEST_FAULTS = (
    Fault(
        "head-no-status-line",
        "RGW up to 9.0.3 on HEAD of a dynamic large object without segments: two header fields, no status line",
        {"head-empty-manifest": "no-status-line", "registry-push": "no-status-line"},
        on_answer=_head_no_status_line,
    ),
    Fault(
        "status-0",
        "the same HEAD with the status code 0, as the clients' error messages have it",
        {"head-empty-manifest": "status-0", "registry-push": "status-0"},
        on_answer=_status_0,
    ),
    Fault(
        "no-last-modified",
        "the same HEAD behind FastCGI: the web server invents 200, without the object's own header fields",
        {"head-empty-manifest": "header-missing"},
        on_answer=_no_last_modified,
    ),
    Fault(
        "head-hangs",
        "the same HEAD is never answered",
        {"head-empty-manifest": "timeout", "registry-push": "timeout"},
        on_answer=_head_hangs,
    ),
    Fault(
        "get-no-status-line",
        "RGW up to 10.2.2 on GET of a dynamic large object without a byte (tracker 17572)",
        {"get-empty-manifest": "no-status-line", "empty-segment": "no-status-line", "empty-range": "no-status-line"},
        on_answer=_get_no_status_line,
    ),
    Fault(
        "orphan-no-status-line",
        "RGW up to 10.2.2 on a dynamic large object whose segments' container does not exist (tracker 15812)",
        {"missing-segments": "no-status-line"},
        on_answer=_orphan_no_status_line,
    ),
    Fault(
        "empty-segment-spins",
        "RGW up to 10.2.2 on GET of a dynamic large object with a segment without a byte: no end (tracker 17686)",
        {"empty-segment": "timeout"},
        on_answer=_empty_segment_spins,
    ),
    Fault(
        "manifest-size-lags",
        "segments that are not yet to be seen: HEAD of their manifest says 0",
        {"manifest-size": "length-mismatch", "encoded-prefix": "length-mismatch", "registry-push": "length-mismatch"},
        on_answer=_size_lags,
    ),
    Fault(
        "prefix-not-decoded",
        "RGW before 9.1.0 takes the prefix in X-Object-Manifest as it is and finds no segment (tracker 12728)",
        {"encoded-prefix": "length-mismatch"},
        on_answer=_prefix_not_decoded,
    ),
    Fault(
        "answer-cut",
        "a gateway that dies in the middle of an answer",
        {"manifest-size": "closed"},
        on_answer=_answer_cut,
    ),
    Fault(
        "tls-cut",
        "the same behind TLS: the end comes without close_notify",
        {"manifest-size": "closed"},
        on_answer=_answer_cut,
        tls=True,
    ),
)
