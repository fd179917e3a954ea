# SPDX-License-Identifier: Apache-2.0
"""A way around runtimes that deny the system call by which bluestore waits for its writes.

libaio of Debian 13 and Ubuntu 24.04 calls io_pgetevents, and the older io_getevents only after ENOSYS. The seccomp
profile of podman (seen with 4.3; https://github.com/ceph/ceph-build/pull/2720) denies the new call with EPERM and
allows the old one, so that ceph-osd aborts. A filter of this process and of its children says ENOSYS instead: of two
filters that deny a call, the newer one has the say about the error (seccomp(2)). Nothing is allowed that was denied.
"""

import ctypes
import errno
import platform
import struct

# Architecture of audit.h, and number of io_pgetevents there.
CALLS = {"x86_64": (0xC000003E, 333), "aarch64": (0xC00000B7, 292)}

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2  # prctl.h, seccomp.h
# bpf_common.h: load a word, compare with a constant, return. The architecture is at offset 4 of seccomp's data.
LOAD, COMPARE, RETURN, ARCHITECTURE, NUMBER = 0x20, 0x15, 0x06, 4, 0
REFUSE, ALLOW = 0x00050000, 0x7FFF0000


class Program(ctypes.Structure):
    """struct sock_fprog of filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def let_libaio_fall_back() -> bool:
    """Have io_pgetevents fail with ENOSYS from now on, if it is denied; whether that was so, and has worked."""
    return denial() == errno.EPERM and refuse(errno.ENOSYS)


def denial() -> int:
    """The error of io_pgetevents without a context of its own; 0 on an architecture that is not known here."""
    if platform.machine() not in CALLS:
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall(ctypes.c_long(CALLS[platform.machine()][1]), *[ctypes.c_long(0)] * 6)
    return ctypes.get_errno()


def refuse(code: int) -> bool:
    """Have io_pgetevents fail with this error, here and in children; whether the kernel took the filter."""
    architecture, number = CALLS[platform.machine()]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (COMPARE, 0, 3, architecture),
        (LOAD, 0, 0, NUMBER),
        (COMPARE, 0, 1, number),
        (RETURN, 0, 0, REFUSE | code),
        (RETURN, 0, 0, ALLOW),
    ]
    program = Program(len(steps), b"".join(struct.pack("=HBBI", *step) for step in steps))
    libc = ctypes.CDLL(None, use_errno=True)
    # Without root, a filter needs the promise that no child gains rights. Nothing in the container has any to gain.
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
