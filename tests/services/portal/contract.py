# SPDX-License-Identifier: Apache-2.0
"""What every back-end of the portal has to do. A test module imports these tests and gives them a `backend`.

`fill` is a fixture, too: it puts objects into a bucket and says how many bytes and objects the bucket then has.
What not every back-end can do, each declares (limits_objects, shares_names), and has to do as declared.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.portal.backends.backend import AccountLimits, Bucket, Quota, Usage
from services.portal.problems import LimitReached, NotEmpty, NotFound, NotOffered, Taken

LIMITS = AccountLimits(Quota(1024 * 1024), 3)


def new_name() -> str:
    return f"b{secrets.token_hex(5)}"


@pytest.fixture
def project(backend) -> str:
    name = f"p{secrets.token_hex(5)}"
    backend.set_limits(name, LIMITS)
    return name


def test_it_serves(backend):
    backend.check()


def test_an_account_has_the_limits_that_it_was_given(backend):
    name = f"p{secrets.token_hex(5)}"
    assert backend.limits(name) is None
    assert backend.set_limits(name, LIMITS) == LIMITS
    assert backend.limits(name) == LIMITS
    changed = AccountLimits(Quota(None, None), 7)
    assert backend.set_limits(name, changed) == changed
    assert backend.limits(name) == changed


def test_a_limit_of_objects_is_kept_or_refused(backend):
    name, limits = f"p{secrets.token_hex(5)}", AccountLimits(Quota(1024 * 1024, 1000), 3)
    if backend.limits_objects:
        assert backend.set_limits(name, limits) == limits == backend.limits(name)
        return
    for refuse in (lambda: backend.require_offered(limits), lambda: backend.set_limits(name, limits)):
        with pytest.raises(NotOffered):
            refuse()
    assert backend.limits(name) is None


def test_without_an_account_there_is_nothing(backend):
    for ask in (
        lambda: backend.bucket_names("nobody"),
        lambda: backend.bucket("nobody", "bucket"),
        lambda: backend.create_bucket("nobody", new_name(), Quota()),
        lambda: backend.change_bucket("nobody", "bucket", Quota(), True),
        lambda: backend.delete_bucket("nobody", "bucket", True),
        lambda: backend.usage("nobody"),
        lambda: backend.key_ids("nobody"),
        lambda: backend.create_key("nobody", "KEY"),
        lambda: backend.remove_key("nobody", "KEY"),
        lambda: backend.remove_account("nobody"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_bucket_is_created_listed_read_and_deleted(backend, project):
    name, quota = new_name(), Quota(4096, 10)
    assert backend.create_bucket(project, name, quota) == Bucket(name, quota, False, Usage())
    assert backend.bucket_names(project) == [name]
    assert backend.bucket(project, name) == Bucket(name, quota, False, Usage())
    backend.delete_bucket(project, name, with_objects=False)
    assert backend.bucket_names(project) == []
    with pytest.raises(NotFound):
        backend.bucket(project, name)


def test_names_are_taken_once_and_belong_to_one_project(backend, project):
    name, other = new_name(), f"p{secrets.token_hex(5)}"
    backend.set_limits(other, LIMITS)
    backend.create_bucket(project, name, Quota())
    for who in (project, other) if backend.shares_names else (project,):
        with pytest.raises(Taken):
            backend.create_bucket(who, name, Quota())
    for ask in (
        lambda: backend.bucket(other, name),
        lambda: backend.change_bucket(other, name, Quota(), True),
        lambda: backend.delete_bucket(other, name, True),
    ):
        with pytest.raises(NotFound):
            ask()
    assert backend.bucket_names(other) == []
    assert backend.bucket(project, name).restricted is False


def test_where_names_are_not_shared_each_project_has_its_own_bucket(backend, project, fill):
    if backend.shares_names:
        pytest.skip("a name is one bucket's in this back-end")
    name, other = new_name(), f"p{secrets.token_hex(5)}"
    backend.set_limits(other, LIMITS)
    backend.create_bucket(project, name, Quota(4096))
    assert backend.create_bucket(other, name, Quota()) == Bucket(name, Quota(), False, Usage())
    used = fill(project, name)
    assert (backend.bucket(project, name).usage, backend.bucket(other, name).usage) == (used, Usage())
    backend.delete_bucket(other, name, with_objects=True)
    assert (backend.bucket(project, name).usage, backend.bucket_names(other)) == (used, [])


def test_many_who_want_a_name_at_once_get_it_once_or_each(backend):
    name, projects = new_name(), [f"p{secrets.token_hex(5)}" for _number in range(4)]
    for project in projects:
        backend.set_limits(project, LIMITS)

    def ask(project: str) -> bool:
        try:
            return backend.create_bucket(project, name, Quota()).name == name
        except Taken:
            return False

    with ThreadPoolExecutor(len(projects)) as threads:
        made = list(threads.map(ask, projects))
    owners = [project for project in projects if backend.bucket_names(project) == [name]]
    assert owners == [project for project, has_it in zip(projects, made, strict=True) if has_it]
    assert len(owners) == (1 if backend.shares_names else len(projects))


def test_there_are_no_more_buckets_than_the_limit_allows(backend, project):
    names = sorted(new_name() for _number in range(4))
    for name in names[:3]:
        backend.create_bucket(project, name, Quota())
    with pytest.raises(LimitReached):
        backend.create_bucket(project, names[3], Quota())
    assert backend.bucket_names(project) == names[:3]


def test_quota_and_restriction_change_apart(backend, project):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    assert backend.change_bucket(project, name, Quota(8192, 5), False).quota == Quota(8192, 5)
    restricted = backend.change_bucket(project, name, Quota(8192, 5), True)
    assert (restricted.restricted, restricted.quota) == (True, Quota(8192, None))
    assert backend.bucket(project, name) == restricted
    lifted = backend.change_bucket(project, name, Quota(), False)
    assert (lifted.restricted, lifted.quota) == (False, Quota())


def test_a_bucket_with_objects_goes_only_if_they_may(backend, project, fill):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    used = fill(project, name)
    assert backend.bucket(project, name).usage == used
    assert backend.usage(project) == used
    with pytest.raises(NotEmpty):
        backend.delete_bucket(project, name, with_objects=False)
    assert backend.bucket(project, name).usage == used
    backend.delete_bucket(project, name, with_objects=True)
    assert backend.bucket_names(project) == []
    assert backend.usage(project) == Usage()


def test_keys_are_made_and_removed_one_by_one(backend, project):
    first, second = (f"KEY{secrets.token_hex(5).upper()}" for _number in range(2))
    made = [backend.create_key(project, key) for key in (first, second)]
    assert [pair.id for pair in made] == [first, second]
    assert len({pair.secret.value for pair in made}) == 2
    assert all(len(pair.secret.value) >= 20 and pair.secret.value not in repr(pair) for pair in made)
    assert backend.key_ids(project) == sorted((first, second))
    backend.remove_key(project, first)
    backend.remove_key(project, first)
    assert backend.key_ids(project) == [second]


def test_an_account_goes_when_its_buckets_have_gone(backend, project):
    name = new_name()
    backend.create_bucket(project, name, Quota())
    with pytest.raises(NotEmpty):
        backend.remove_account(project)
    backend.delete_bucket(project, name, with_objects=False)
    backend.remove_account(project)
    assert backend.limits(project) is None
