# SPDX-License-Identifier: Apache-2.0
"""A program with settings: what it needs, and the files that it gets."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Pattern, Sequence, Tuple

from ..base.keystone_login import PREAUTH, TEMPAUTH
from ..base.login import TEMPAUTH_PATH
from .access import Access
from .files import SettingsFile, TextFile, exports

__all__ = ["Program", "Rendered", "s3_variables", "swift_variables"]


class Rendered(NamedTuple):
    """variables: what the shell of the person exports. files: what else the program reads.

    unset: variables that would lead the program elsewhere.
    """

    variables: Mapping[str, str]
    files: Sequence[SettingsFile] = ()
    unset: Tuple[str, ...] = ()


class Program(NamedTuple):
    """needs: names of the parts of Access without which there are no settings; with `any_of`, one of them is enough.

    others: names of the files besides the one that a shell sources. render: is called only for an access that has what
    the program needs. misread: what a login must not be like, since the program's files cannot say that. auths: how the
    login of swift can be authenticated.
    """

    name: str
    needs: Tuple[str, ...]
    others: Tuple[str, ...]
    render: Callable[[Access], Rendered]
    any_of: bool = False
    misread: Optional[Pattern[str]] = None
    auths: Tuple[str, ...] = (TEMPAUTH,)

    @property
    def file_names(self) -> Tuple[str, ...]:
        """All files that the program can have, relative to the folder."""
        return (f"{self.name}.sh", *self.others)

    def lacks(self, access: Access) -> List[str]:
        """The parts that are missing."""
        missing = [part for part in self.needs if access.lacks(part) or self.cannot_use(part, access)]
        return [] if self.any_of and len(missing) < len(self.needs) else missing

    def cannot_use(self, part: str, access: Access) -> bool:
        """Whether the part is a login of swift that the program cannot authenticate."""
        return part == "swift" and not access.lacks(part) and access.auth not in self.auths

    def misreads(self, access: Access) -> bool:
        """Whether the program would read a login otherwise than it was written."""
        words = [word for login in (access.swift, access.s3) for word in (login.user, login.secret)]
        return self.misread is not None and any(map(self.misread.search, words))

    def files(self, access: Access) -> List[SettingsFile]:
        """All files of the program: the one that a shell sources, which has the program's name, and the others."""
        rendered = self.render(access)
        text = exports(self.name, rendered.variables, rendered.unset)
        return [TextFile(f"{self.name}.sh", text), *rendered.files]


def s3_variables(access: Access) -> Dict[str, str]:
    """What every program with the AWS SDK reads."""
    return {
        "AWS_ACCESS_KEY_ID": access.s3.user,
        "AWS_SECRET_ACCESS_KEY": access.s3.secret,
        "AWS_DEFAULT_REGION": access.gateway.region,
    }


def swift_variables(access: Access) -> Dict[str, str]:
    """What every program with python-swiftclient's SwiftService reads (swiftclient/shell.py)."""
    if access.auth == PREAUTH:
        return {"OS_AUTH_TOKEN": access.swift.secret, "OS_STORAGE_URL": access.storage_url}
    keystone = access.keystone
    if keystone is None:
        return {
            "ST_AUTH": f"{access.gateway.url}{TEMPAUTH_PATH}.0",
            "ST_AUTH_VERSION": "1.0",
            "ST_USER": access.swift.user,
            "ST_KEY": access.swift.secret,
        }
    place = {"OS_AUTH_URL": keystone.v3_url, "ST_AUTH_VERSION": "3", "OS_ENDPOINT_TYPE": f"{keystone.interface}URL"}
    if keystone.region:
        place["OS_REGION_NAME"] = keystone.region
    if keystone.application_credential:
        return {
            **place,
            "OS_AUTH_TYPE": "v3applicationcredential",
            "OS_APPLICATION_CREDENTIAL_ID": access.swift.user,
            "OS_APPLICATION_CREDENTIAL_SECRET": access.swift.secret,
        }
    return {
        **place,
        "OS_USERNAME": access.swift.user,
        "OS_USER_DOMAIN_NAME": keystone.user_domain,
        "OS_PASSWORD": access.swift.secret,
        "OS_PROJECT_NAME": keystone.project,
        "OS_PROJECT_DOMAIN_NAME": keystone.project_domain,
    }
