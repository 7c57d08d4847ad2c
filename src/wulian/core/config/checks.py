"""What the server refuses to start on when it is not a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

UNSAFE_DATABASE_PASSWORDS = {"", "postgres", "password", "wulian", "123456"}


def unsafe_settings() -> list[CheckMessage]:
    """Each setting that a real office must not run with, and what to set instead."""
    if settings.DEBUG:
        return []
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY or len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "SECRET_KEY 为默认值或不足50个字符。",
                hint="设置环境变量 SECRET_KEY 为至少50个随机字符。",
                id="wulian.E001",
            )
        )
    database = settings.DATABASES["default"]
    local = not database.get("HOST") or str(database["HOST"]).startswith("/")
    if (
        database["ENGINE"].endswith("postgresql")
        and not local
        and database["PASSWORD"] in UNSAFE_DATABASE_PASSWORDS
    ):
        found.append(
            Error(
                "DATABASE_URL 中的数据库口令为空或为常见口令。",
                hint="在 DATABASE_URL 中使用强口令，或经由本机套接字连接。",
                id="wulian.E002",
            )
        )
    if (
        database["ENGINE"].endswith("sqlite3")
        and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ):
        found.append(
            Error(
                "SQLite 未使用 IMMEDIATE 事务。",
                hint="请勿覆盖 DATABASES['default']['OPTIONS']。",
                id="wulian.E003",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS 含有 *。",
                hint="把 ALLOWED_HOSTS 设置为本机域名，以逗号分隔。",
                id="wulian.E004",
            )
        )
    return found


@register(Tags.security, deploy=True)
def refuse_unsafe_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return unsafe_settings()


def refuse_unsafe_start() -> None:
    """Stop the web server on unsafe settings or on a database that still holds demonstration passwords.

    Raises ImproperlyConfigured with every reason and remedy.
    """
    if settings.DEBUG:
        return
    reasons = [f"{message.msg}{message.hint}" for message in unsafe_settings()]
    reasons += _demo_password_reasons()
    if reasons:
        raise ImproperlyConfigured("五联拒绝启动：\n- " + "\n- ".join(reasons))


def _demo_password_reasons() -> list[str]:
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError, connection

    try:
        demo = list(
            get_user_model()
            .objects.filter(is_demo=True, is_active=True)
            .values_list("username", flat=True)[:5]
        )
    except DatabaseError as error:
        return [f"数据库不可用（{error.__class__.__name__}）：先执行 wulian migrate，并检查 DATABASE_URL。"]
    finally:
        # The web server forks after this: no two processes may share a connection.
        connection.close()
    if demo:
        return [f"数据库中仍有演示账号（{'、'.join(demo)} 等）：更换其口令或停用，再启动正式服务。"]
    return []
