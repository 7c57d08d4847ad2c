"""The web server's entrance; refuses to start on unsafe settings."""

import atexit
import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wulian.core.config.settings")
application = get_wsgi_application()

from wulian.core.config.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
# What the start has made stays: without this, looking through it for garbage again and again is a good part of every page.
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)
