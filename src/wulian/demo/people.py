"""Who works in the demonstration: one person for each role at least, with a password everybody may know."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, User
from wulian.core.accounts.services import create_user, enrol_totp, grant_role, seed_departments

PASSWORD = "Suizhou-2026"


@dataclass(frozen=True)
class Person:
    """One account of the demonstration; ``shown`` are those that `demo_logins` lists."""

    username: str
    full_name: str
    role: Role
    department: str = ""
    post: str = ""
    shown: bool = False


_AUTHORITIES = {
    "housing": ("建设工程招投标监督管理科", ("周建国", "何晓燕", "沈立群", "董海涛", "祝文博", "谢国庆", "罗秀英")),
    "transport": ("建设管理科", ("蒋志强", "曾丽娟", "彭少华", "方思远", "韩宏伟")),
    "water": ("规划建设科", ("余泽民", "万春梅", "涂国强", "石明辉", "潘雨欣")),
    "land": ("耕地保护监督科", ("龚志远", "聂小莉", "姜德才", "程永康", "贺子轩")),
    "authority": ("监督执法科", ("胡立新", "樊晓红", "熊国华", "毛文辉", "尹兰芳")),
    "zengdu-authority": ("综合监管股", ("卢建军", "白雪梅", "段宏伟", "雷志刚", "向丽华")),
    "suixian-authority": ("综合监管股", ("汤国栋", "秦玉芳", "江海波", "侯文斌", "陆晓晨")),
    "guangshui-authority": ("综合监管股", ("覃志勇", "丁桂兰", "孟庆国", "薛建波", "顾丽萍")),
}  # fmt: skip
_POSTS = (
    ("officer1", Role.CASE_OFFICER, "四级主任科员"),
    ("officer2", Role.CASE_OFFICER, "一级科员"),
    ("section", Role.SECTION_HEAD, "科长"),
    ("head", Role.AUTHORITY_HEAD, "局长"),
    ("legal", Role.LEGAL_REVIEWER, "法规科科长"),
    ("officer3", Role.CASE_OFFICER, "二级主任科员"),
    ("officer4", Role.CASE_OFFICER, "一级科员"),
)


def people() -> list[Person]:
    """Everybody of the demonstration."""
    found = [
        Person("window", "陈晓琳", Role.CLERK, "office", "受理窗口", True),
        Person("dispatcher", "李文涛", Role.DISPATCHER, "office", "综合调度科科长", True),
        Person("director", "王海波", Role.OFFICE_HEAD, "office", "主任", True),
    ]
    for code, (section, names) in _AUTHORITIES.items():
        prefix = code.removesuffix("-authority")
        for (suffix, role, post), name in zip(_POSTS, names, strict=False):
            post = f"{section}{post}" if role in (Role.CASE_OFFICER, Role.SECTION_HEAD) else post
            shown = code == "housing" and suffix not in ("officer3", "officer4")
            found.append(Person(f"{prefix}-{suffix}", name, role, code, post, shown))
    found += [
        Person("finance", "邹敏", Role.LIAISON, "finance", "政府采购监管科联络员", True),
        Person("reform", "杜文杰", Role.LIAISON, "reform", "法规科联络员"),
        Person("discipline", "郑国平", Role.DISCIPLINE, "discipline", "第三监督检查室", True),
        Person("sysadmin", "冯涛", Role.SYSTEM_ADMIN, "", "系统管理员", True),
        Person("secadmin", "马俊", Role.SECURITY_ADMIN, "", "安全管理员", True),
        Person("auditadmin", "许静", Role.AUDIT_ADMIN, "", "审计管理员", True),
    ]
    return found


def totp_key(username: str) -> str:
    """The second factor of an administrator of the demonstration, in hex: known, like the password."""
    return hashlib.sha1(f"wulian demonstration {username}".encode()).hexdigest()


def seed_people() -> dict[str, User]:
    """Create departments and people; returns the users by login name."""
    departments: dict[str, Department] = seed_departments()
    for number, department in enumerate(departments.values()):
        department.phone = f"0722-3590{number:03d}"
    Department.objects.bulk_update(departments.values(), ["phone"])
    users: dict[str, User] = {}
    for person in people():
        user = create_user(
            actor=None,
            username=person.username,
            full_name=person.full_name,
            # One digest for all below: hashing fifty passwords alone would take half a minute.
            password=None,  # type: ignore[arg-type]
            department=departments.get(person.department),
            post=person.post,
            phone=f"0722-359{1000 + len(users):04d}" if person.department else "",
            is_demo=True,
            must_change_password=False,
        )
        grant_role(actor=None, user=user, role=person.role)
        if not person.department:
            enrol_totp(user, totp_key(person.username))
        users[user.username] = user
    User.objects.filter(is_demo=True).update(password=make_password(PASSWORD))
    return users


class Cast:
    """The users of the demonstration as the scenes call them."""

    def __init__(self, users: Iterable[User] | None = None) -> None:
        rows: Any = User.objects.filter(is_demo=True) if users is None else users
        self._users = {user.username: user for user in rows}

    def __getitem__(self, username: str) -> User:
        user = self._users[username]
        # A role is held from a day: ask anew on each day of the stage.
        user.forget_roles()
        return user

    def of(self, department: Department, post: str) -> User:
        """Who holds a post (officer1, section, head …) in a competent authority."""
        return self[f"{department.code.removesuffix('-authority')}-{post}"]


@dataclass(frozen=True)
class Login:
    """One line of `demo_logins`."""

    role: str
    full_name: str
    department: str
    username: str
    secret: str = ""
    code: str = ""


def logins(now: dt.datetime) -> list[Login]:
    """One login for each role, administrators with their secret and the code of this moment."""
    from base64 import b32encode

    from django_otp.oath import TOTP

    found = []
    users = {user.username: user for user in User.objects.filter(is_demo=True).select_related("department")}
    for person in people():
        user = users.get(person.username)
        if not person.shown or user is None:
            continue
        secret = code = ""
        if not person.department:
            key = bytes.fromhex(totp_key(person.username))
            generator = TOTP(key)
            generator.time = now.timestamp()
            secret, code = b32encode(key).decode(), f"{generator.token():06d}"
        department = user.department.name if user.department else ""
        found.append(Login(str(person.role.label), user.full_name, department, user.username, secret, code))
    return found
