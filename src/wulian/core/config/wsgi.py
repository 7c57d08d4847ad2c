"""The web server's entrance; refuses to start on unsafe settings."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wulian.core.config.settings")
application = get_wsgi_application()

from wulian.core.config.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
