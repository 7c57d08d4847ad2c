from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObjectionsConfig(AppConfig):
    name = "wulian.casework.objections"
    label = "objections"
    verbose_name = _("Watching of objections")
