"""The peer of the measurement: a bare Django view that stores a text and a photo in one table, and nothing else."""

from __future__ import annotations

import os

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="a key for measuring only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
)
TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, text text, photo bytea)"


def store(request: HttpRequest) -> HttpResponse:
    """Store what was posted; answer its number."""
    if request.method != "POST":
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        return HttpResponse("ready")
    with transaction.atomic(), connection.cursor() as cursor:
        values = [request.POST["text"], request.FILES["photo"].read()]
        cursor.execute("INSERT INTO bare (text, photo) VALUES (%s, %s) RETURNING id", values)
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("", store)]
application = get_wsgi_application()
