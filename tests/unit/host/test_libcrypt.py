# SPDX-License-Identifier: Apache-2.0
"""bcrypt by the host's libcrypt, against PyPI's bcrypt."""

from __future__ import annotations

import ctypes
import re
from concurrent.futures import ThreadPoolExecutor

import bcrypt
import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import libcrypt
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.libcrypt import bcrypt_entry, bcrypt_fits
from hypothesis import given, settings
from hypothesis import strategies as st

# What a password file may hold: text without NUL whose UTF-8 has 1 to 72 bytes.
PASSWORDS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=72
).filter(lambda text: len(text.encode()) <= 72)
# Passwords of one to four bytes each character, and the longest that bcrypt can tell apart.
SAMPLES = ["a", "correct horse", "pässwörter", "ключ", "パスワード", "🔑" * 18, "x" * 72, "ÿÿ£"]


@pytest.fixture(autouse=True)
def fresh_look():
    """Each test looks for the library anew, and leaves nothing of a double behind."""
    libcrypt._crypt_r.cache_clear()
    yield
    libcrypt._crypt_r.cache_clear()


@settings(max_examples=50)
@given(PASSWORDS)
def test_an_entry_of_ours_is_one_for_pypi_s_bcrypt(password):
    assert bcrypt.checkpw(password.encode(), bcrypt_entry(password, 4).encode())


@settings(max_examples=50)
@given(PASSWORDS, st.sampled_from([b"2a", b"2b"]), st.integers(4, 6))
def test_an_entry_of_pypi_s_bcrypt_fits_its_password_alone(password, prefix, rounds):
    entry = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds, prefix)).decode()
    assert bcrypt_fits(password, entry)
    assert not bcrypt_fits("." + password[1:] if password[0] != "." else "," + password[1:], entry)


@pytest.mark.parametrize("password", SAMPLES)
@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
def test_the_same_salt_gives_the_same_entry_with_each_prefix(password, prefix):
    ours = bcrypt_entry(password, 5)
    assert bcrypt.hashpw(password.encode(), ours[:29].encode()).decode() == ours
    assert bcrypt_fits(password, prefix + ours[4:])


def test_a_password_for_which_libxcrypt_deviates_fits_all_the_same():
    # libxcrypt's countermeasure changes what $2a$ makes of these bytes; a registry (Go) knows no such countermeasure.
    key, salt = "ÿÿ£".encode("latin-1"), b"$2a$04$/OK.fbVrR/bpIqNJ5ianF."
    entry = bcrypt.hashpw(key, salt)
    library = libcrypt._crypt_r()
    assert libcrypt._crypt(library, key, salt) != entry
    assert libcrypt._crypt(library, key, salt.replace(b"2a", b"2b"))[4:] == entry[4:]


def test_each_entry_has_a_salt_and_the_cost_of_its_own():
    entries = {bcrypt_entry("correct horse", 4) for _ in range(20)}
    assert len({entry[7:29] for entry in entries}) == 20
    assert all(re.fullmatch(r"\$2b\$04\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}", entry) for entry in entries)
    assert bcrypt_entry("x", 6).startswith("$2b$06$")


def test_the_salt_is_in_bcrypt_s_own_letters(monkeypatch):
    monkeypatch.setattr(libcrypt.secrets, "token_bytes", lambda size: bytes(range(size)))
    # From the tables of OpenBSD's bcrypt.c: 0 is ".", 63 is "9".
    assert bcrypt_entry("x", 4)[7:29] == "..CA.uOD/eaGAOmJB.yMBu"


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "*",
        "x",
        "$apr1$x$y",
        "{SHA}x",
        "$2b$04$short",
        "$2x$04$" + "a" * 53,
        "$2b$99$" + "a" * 53,
        "$2b$4$" + "a" * 53,
    ]
    + ["$2b$04$" + "a" * 52 + "ä", "$2b$04$" + "a" * 53 + "\n", "$6$rounds=1000$salt$" + "a" * 86],
)
def test_what_is_no_bcrypt_entry_fits_nothing(entry):
    assert not bcrypt_fits("correct horse", entry)


@pytest.mark.parametrize(("password", "said"), [("a\0b", "NUL"), ("x" * 73, "72 bytes"), ("é" * 37, "72 bytes")])
def test_a_password_that_would_be_cut_is_refused(password, said):
    with pytest.raises(InputError, match=said):
        bcrypt_entry(password, 4)
    with pytest.raises(InputError, match=said):
        bcrypt_fits(password, bcrypt_entry("x", 4))


def test_threads_do_not_disturb_each_other():
    passwords = [f"password {number}" for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(lambda password: bcrypt_entry(password, 4), passwords))
    assert all(bcrypt.checkpw(*(part.encode() for part in pair)) for pair in zip(passwords, entries))


class Library:
    """A libcrypt whose crypt_r answers as it is told."""

    def __init__(self, answer):
        def crypt_r(*_arguments):
            return answer

        self.crypt_r = crypt_r


@pytest.mark.parametrize("answer", [None, b"*0", b"*1", b"$2b$04$CCCCCCCCCCCCCCCCCCCCC.wrong", b"CCpuwNgE4Lg0c"])
def test_a_libcrypt_without_bcrypt_says_what_to_install(monkeypatch, answer):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library(answer))
    with pytest.raises(ToolError, match=r"knows bcrypt\. Install libxcrypt.*libcrypt1"):
        bcrypt_entry("correct horse", 4)


def test_the_library_that_knows_bcrypt_is_taken(monkeypatch):
    real, asked = ctypes.CDLL, []

    def load(name):
        asked.append(name)
        if name == "libcrypt.so.1":
            return Library(b"*0")
        if name == "libcrypt.so.2":
            raise OSError("no such file")
        return real("libcrypt.so.1")

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert bcrypt.checkpw(b"x", bcrypt_entry("x", 4).encode())
    assert asked == ["libcrypt.so.1", "libcrypt.so.2", None]


def test_an_answer_that_is_no_entry_is_an_error(monkeypatch):
    monkeypatch.setattr(libcrypt, "_crypt_r", lambda: lambda *_arguments: b"*0")
    with pytest.raises(ToolError, match=r"libcrypt answered '\*0'"):
        libcrypt._hash("x", b"$2b$04$CCCCCCCCCCCCCCCCCCCCC.")
