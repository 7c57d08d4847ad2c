"""What the tests of every room share: signing in, trying an address as every role, counting queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

TEST_KEY = "3132333435363738393031323334353637383930"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(client: Client, user: Any) -> Client:
    """Log `user` in on `client`; an administrator with a verified second factor."""
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["has_second_factor"] = user.is_administrator
    if user.is_administrator:
        device, _created = TOTPDevice.objects.get_or_create(
            user_id=user.pk, confirmed=True, defaults={"name": "totp", "key": TEST_KEY}
        )
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


@contextmanager
def assert_max_queries(number: int) -> Iterator[CaptureQueriesContext]:
    """Fail when the block asks the database more than `number` times; lists the queries then."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    asked = [query["sql"][:200] for query in captured.captured_queries]
    assert len(asked) <= number, f"{len(asked)} queries, at most {number}:\n" + "\n".join(asked)


def statuses_by_role(
    url: str, users: Mapping[Any, Any], *, method: str = "get", data: Any = None
) -> dict[Any, int]:
    """The status code that each user of `users` (role → user; None → not signed in) gets at `url`."""
    found = {}
    for role, user in users.items():
        client = Client()
        if user is not None:
            sign_in(client, user)
        found[role] = getattr(client, method)(url, data or {}).status_code
    return found


def assert_only_roles(
    url: str, users: Mapping[Any, Any], allowed: Iterable[Any], *, method: str = "get", data: Any = None
) -> None:
    """Fail unless exactly the `allowed` roles are let in: others get 403 or 404, visitors are sent to the login."""
    allowed = set(allowed)
    wrong = {}
    for role, status in statuses_by_role(url, users, method=method, data=data).items():
        if role is None:
            fits = status == 302
        elif role in allowed:
            fits = status < 400 or status in (409, 422)
        else:
            fits = status in (403, 404)
        if not fits:
            wrong[str(role)] = status
    assert not wrong, f"{method.upper()} {url}: {wrong}"
