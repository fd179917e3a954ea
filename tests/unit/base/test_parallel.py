# SPDX-License-Identifier: Apache-2.0
"""Work on many items: what ends it early."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.interrupt import end_by_exception
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.parallel import work_through


def test_results_by_index():
    done = work_through([1, 2], ["a", "b", "c"], lambda client, item: item * 2)
    assert done.results == {0: "aa", 1: "bb", 2: "cc"} and done.first_error() is None


def test_no_item_is_begun_after_an_error():
    begun = []

    def work(client, item):
        begun.append(item)
        raise InputError("no")

    assert str(work_through([1], range(9), work).first_error()) == "no"
    assert begun == [0]


def test_no_item_is_begun_after_a_signal():
    begun = []
    go_on = threading.Event()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def work(client, item):
        begun.append(item)
        os.kill(os.getpid(), signal.SIGTERM)
        go_on.wait(5)

    end_by_exception()
    try:
        threading.Timer(0.3, go_on.set).start()
        with pytest.raises(SystemExit):
            work_through([1], range(9), work)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert begun == [0]
