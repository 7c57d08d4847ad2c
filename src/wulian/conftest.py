"""Fixtures of the whole house: departments, people in every role, signed-in clients."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.ui.testing import sign_in

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林"
GIVEN = ("建国", "秀英", "志强", "丽娟", "海涛", "晓燕", "文博", "思远", "春梅", "国庆", "雨欣", "宏伟")
PASSWORD = "suizhou-2026-Pass"
DEFAULT_DEPARTMENT = {
    Role.CLERK: "office", Role.DISPATCHER: "office", Role.OFFICE_HEAD: "office", Role.DISCIPLINE: "discipline",
    Role.LIAISON: "finance",
}  # fmt: skip
_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys, media and checkpoints of tests stay out of the state folder; passwords are hashed the quick way."""
    folder = tmp_path_factory.mktemp("state")
    with override_settings(
        VAR_DIR=folder,
        MEDIA_ROOT=folder / "media",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a page keeps for a moment does not outlive a test."""
    cache.clear()


@pytest.fixture
def department_tree(db: None) -> dict[str, Department]:
    """The departments of Suizhou by code: office, housing, transport, water, land, authority, zengdu-authority, …"""
    return seed_departments()


@pytest.fixture
def user_factory(department_tree: dict[str, Department]) -> Callable[..., User]:
    """`user_factory(role, department)`: a user who holds `role` (or several, or none) in a department or its code.

    Without a department: the coordinating office for its roles, 市住更局 for the others, none for administrators.
    """

    def make(
        role: Role | tuple[Role, ...] | None = Role.CASE_OFFICER,
        department: Department | str | None = None,
        **values: object,
    ) -> User:
        roles = role if isinstance(role, tuple) else (role,) if role else ()
        number = next(_numbers)
        if department is None and not ADMINISTRATORS.intersection(roles):
            department = DEFAULT_DEPARTMENT.get(roles[0], "housing") if roles else "housing"
        if isinstance(department, str):
            department = department_tree[department]
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]
        user = User(**{"username": f"user{number}", "full_name": name, "department": department, **values})
        user.set_password(PASSWORD)
        user.save()
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=held) for held in roles)
        return user

    return make


@pytest.fixture
def role_users(user_factory: Callable[..., User]) -> dict[Role | None, User | None]:
    """One user for each role, and None for a visitor; administrators without a department."""
    return {None: None, **{role: user_factory(role) for role in Role}}


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """`client_for(user)`: a test client signed in as the user, an administrator with the second factor."""
    return lambda user: sign_in(Client(), user)


@pytest.fixture
def alice(user_factory: Callable[..., User]) -> User:
    """A case officer of 市住更局 who owns what the test makes."""
    return user_factory(Role.CASE_OFFICER, "housing")


@pytest.fixture
def bob(user_factory: Callable[..., User]) -> User:
    """Alice's team mate in 市住更局."""
    return user_factory(Role.CASE_OFFICER, "housing")


@pytest.fixture
def charlie(user_factory: Callable[..., User]) -> User:
    """A stranger: a case officer of 市交通局."""
    return user_factory(Role.CASE_OFFICER, "transport")
