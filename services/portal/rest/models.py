# SPDX-License-Identifier: Apache-2.0
"""What requests and answers look like, for the checks and for the description of the API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..config import Limits
from ..problems import TYPES


def _without_nul(text: str) -> str:
    if "\0" in text:  # PostgreSQL keeps none
        raise ValueError("has the character NUL")
    return text


# With a length that is checked first, Pydantic refuses what is no Unicode.
_KEPT = AfterValidator(_without_nul)
Name = Annotated[str, Field(min_length=1, max_length=255), _KEPT]
# Of a thing that is to be created; names.py has the rules.
NewName = Annotated[str, Field(max_length=1024)]
Title = Annotated[str, Field(max_length=200), _KEPT]
Reason = Annotated[str, Field(min_length=1, max_length=1000), _KEPT]
AnswerText = Annotated[str, Field(max_length=1000), _KEPT]
Label = Annotated[str, Field(max_length=100), _KEPT]


class Given(BaseModel):
    """A request's body; what the API does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class QuotaModel(Given):
    """Limits in bytes (whole KiB) and objects; null: no limit."""

    max_bytes: Annotated[int, Field(ge=1024, le=2**62, multiple_of=1024)] | None = None
    max_objects: Annotated[int, Field(ge=1, le=2**62)] | None = None


class ProjectChange(Given):
    """Title and members of a project. people: subjects, as the sign-in names them."""

    title: Title = ""
    groups: list[Name] = Field([], max_length=200)
    people: list[Name] = Field([], max_length=1000)


class NewProject(ProjectChange):
    """A project that is to be created."""

    name: NewName


class ProjectModel(ProjectChange):
    """A project."""

    name: str
    version: int


class NewBucket(Given):
    """A bucket that is to be created."""

    name: NewName
    quota: QuotaModel = QuotaModel()


class BucketChange(Given):
    """What is to change of a bucket. What is left out stays."""

    quota: QuotaModel | None = None
    restricted: bool | None = None


class UsageModel(BaseModel):
    """Bytes and objects, each version counted, and parts of uploads that nobody has completed."""

    bytes: int
    objects: int
    uploads: int


class BucketModel(BaseModel):
    """A bucket. restricted: takes no new objects; those that it has can be read and deleted."""

    name: str
    quota: QuotaModel
    restricted: bool
    usage: UsageModel


class BucketEntry(BaseModel):
    """An entry of a list of buckets; all but the name with details only."""

    name: str
    quota: QuotaModel | None = None
    restricted: bool | None = None
    usage: UsageModel | None = None


class ObjectModel(BaseModel):
    """An object. modified: ISO 8601, UTC."""

    key: str
    size: int
    modified: str


class ObjectPageModel(BaseModel):
    """Objects and folders right below a prefix. next: the cursor of the next page, null on the last one."""

    folders: list[str]
    objects: list[ObjectModel]
    next: str | None


class Download(Given):
    """The key of an object, and for how many seconds the URL is good: signatures of version 4 end after a week."""

    key: str = Field(min_length=1, max_length=1024)
    seconds: int = Field(300, ge=1, le=7 * 86400)


class DownloadModel(BaseModel):
    """url: anybody can download the object from it, for so many seconds."""

    key: str
    seconds: int
    url: str


class Upload(Given):
    """prefix: what the names of the files get in front. back: a path of the portal to which a browser returns.

    for_scripts: whether scripts of the portal's pages are to send the form, too.
    """

    prefix: str = Field("", max_length=1000)
    for_scripts: bool = False
    back: str = Field("/", pattern=r"^/([^/\\\s][^\\\s]*)?$", max_length=2000)


class UploadModel(BaseModel):
    """A form (multipart/form-data) that uploads a file, for so many seconds; the field `file` comes last.

    script_fields: the fields for scripts, with which the answer is 201 and leads nowhere. null where they were not
    asked for, and where the storage takes none from scripts.
    """

    url: str
    seconds: int
    fields: dict[str, str]
    script_fields: dict[str, str] | None


class NewRequest(Given):
    """Limits that a project asks for, and why."""

    wanted: Limits
    reason: Reason


class Answer(Given):
    """What an admin says to a request."""

    answer: AnswerText = ""


class RequestModel(BaseModel):
    """A project that asks for other limits. state: open, granted or declined. Times: seconds since 1970."""

    id: int
    backend: str
    project: str
    wanted: Limits
    reason: str
    state: str
    asked_by: str
    asked_at: float
    answered_by: str | None
    answered_at: float | None
    answer: str


class Lost(BaseModel):
    """What has gone with a bucket."""

    deleted: str
    lost: UsageModel


class NewKey(Given):
    """A key that is to be created."""

    label: Label = ""


class Rotation(Given):
    """For how many seconds the old key stays good."""

    grace_s: int = Field(86400, ge=0)


class KeyModel(BaseModel):
    """A key. Times: seconds since 1970. ends_at: when it is revoked, null for a key that stays."""

    id: str
    label: str
    created_by: str
    created_at: float
    ends_at: float | None


class NewKeyModel(KeyModel):
    """A new key. secret: shown in this answer only; null in the answer to a repeated request.

    settings: what programs need besides.
    """

    secret: str | None
    settings: dict[str, str] = {}
    replaces: str | None = None


class UsageOfProject(BaseModel):
    """What a project may use of a back-end, and what it uses."""

    limits: Limits
    usage: UsageModel
    buckets: int


class RegistryModel(BaseModel):
    """A registry, and where clients reach it."""

    name: str
    url: str


class RepositoryModel(BaseModel):
    """A repository. address: what clients call it."""

    name: str
    address: str


class TagModel(BaseModel):
    """A tag. size: bytes that a client pulls, null for an image of several platforms. digest: null if the tag has gone.

    pull: a command that pulls the image.
    """

    name: str
    digest: str | None
    size: int | None
    platforms: int
    pull: str


class JournalEntry(BaseModel):
    """An entry of the audit log. status: of the answer; 0 where the portal was ended meanwhile.

    details: the values that were asked for, and those of the answer without what it shows once. None of a request that
    was refused for its sender's roles.
    """

    id: int
    at: float
    request_id: str
    subject: str
    action: str
    backend: str
    project: str
    target: str
    status: int
    details: dict[str, Any]


class ProblemModel(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(examples=[f"{TYPES}not-found"])
    title: str
    status: int
    detail: str = ""


def page_of(item: type[BaseModel]) -> Any:
    """The model of a page of a list."""

    class Page(BaseModel):
        items: list[item]  # type: ignore[valid-type]
        next: str | None

    Page.__name__ = Page.__qualname__ = f"PageOf{item.__name__}"
    Page.__doc__ = "A page of a list. next: the cursor of the next page, null on the last one."
    return Page


_MEDIA = {"application/problem+json": {"schema": ProblemModel.model_json_schema()}}
# For all routes. FastAPI would describe its own form of error for 422.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be carried out (RFC 9457)", "content": _MEDIA},
    422: {"description": "A value cannot be used (RFC 9457)", "content": _MEDIA},
    "5XX": {"description": "The portal, its database or a back-end failed (RFC 9457)", "content": _MEDIA},
}
