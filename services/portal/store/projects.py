# SPDX-License-Identifier: Apache-2.0
"""Projects and who works in them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..problems import NotFound, Taken
from .database import Database
from .tables import MemberRow, ProjectRow

GROUP, PERSON = "group", "person"
# Made once: to make a statement takes longer than to run it.
_PAGE = (
    select(ProjectRow).where(ProjectRow.name > bindparam("after")).order_by(ProjectRow.name).limit(bindparam("most"))
)
_OF_ONE = select(MemberRow.project).where(
    or_(
        and_(MemberRow.kind == PERSON, MemberRow.name == bindparam("subject")),
        and_(MemberRow.kind == GROUP, MemberRow.name.in_(bindparam("groups", expanding=True))),
    )
)
_PAGE_OF_ONE = _PAGE.where(ProjectRow.name.in_(_OF_ONE))
_MEMBERS = (
    select(MemberRow).where(MemberRow.project.in_(bindparam("projects", expanding=True))).order_by(MemberRow.name)
)


@dataclass(frozen=True)
class Project:
    """A project. groups, people: who works in it; people by the subject that their sign-in gives."""

    name: str
    title: str
    groups: tuple[str, ...]
    people: tuple[str, ...]
    created_at: float
    version: int

    def has(self, subject: str, groups: Collection[str]) -> bool:
        """Whether somebody works in the project."""
        return subject in self.people or not set(self.groups).isdisjoint(groups)


class Projects:
    """The projects of all back-ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: str, most: int, member: tuple[str, Collection[str]] | None = None) -> list[Project]:
        """Projects whose names come after one, in order; with a member (subject, groups), that person's alone."""
        values: dict[str, Any] = {"after": after, "most": most}
        if member is not None:
            values.update(subject=member[0], groups=list(member[1]))
        with self._database.session() as session:
            rows = session.scalars(_PAGE if member is None else _PAGE_OF_ONE, values).all()
            members: dict[str, list[MemberRow]] = defaultdict(list)
            for one in session.scalars(_MEMBERS, {"projects": [row.name for row in rows]}):
                members[one.project].append(one)
            return [_with_members(row, members[row.name]) for row in rows]

    def get(self, name: str) -> Project:
        """A project. Raises NotFound."""
        with self._database.session() as session:
            return _project(session, _row(session, name))

    @staticmethod
    def create(session: Session, name: str, title: str, groups: Collection[str], people: Collection[str]) -> Project:
        """Make a project, in a transaction with what else has to be written down. Raises Taken."""
        if session.get(ProjectRow, name) is not None:
            raise Taken("Another project has this name.")
        row = ProjectRow(name=name, title=title, created_at=time.time(), version=1)
        session.add(row)
        try:
            session.flush()
        except IntegrityError:  # of two at once
            raise Taken("Another project has this name.") from None
        _set_members(session, name, groups, people)
        return _project(session, row)

    def change(self, name: str, title: str, groups: Collection[str], people: Collection[str]) -> Project:
        """Give a project another title and other members. Raises NotFound."""
        with self._database.session() as session:
            row = _row(session, name)
            row.title, row.version = title, row.version + 1
            _set_members(session, name, groups, people)
            return _project(session, row)

    def remove(self, name: str) -> None:
        """Remove a project. Raises NotFound."""
        with self._database.session() as session:
            row = _row(session, name)
            session.execute(delete(MemberRow).where(MemberRow.project == name))
            session.delete(row)


def _row(session: Session, name: str) -> ProjectRow:
    row = session.get(ProjectRow, name)
    if row is None:
        raise NotFound("There is no project of this name, or none of yours.")
    return row


def _set_members(session: Session, project: str, groups: Collection[str], people: Collection[str]) -> None:
    session.execute(delete(MemberRow).where(MemberRow.project == project))
    for kind, names in ((GROUP, groups), (PERSON, people)):
        session.add_all(MemberRow(project=project, kind=kind, name=name) for name in sorted(set(names)))
    session.flush()


def _project(session: Session, row: ProjectRow) -> Project:
    return _with_members(row, session.scalars(_MEMBERS, {"projects": [row.name]}).all())


def _with_members(row: ProjectRow, members: Sequence[MemberRow]) -> Project:
    groups, people = (tuple(one.name for one in members if one.kind == kind) for kind in (GROUP, PERSON))
    return Project(row.name, row.title, groups, people, row.created_at, row.version)
