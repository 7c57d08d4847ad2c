from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "wulian.dashboards"
    label = "dashboards"
    verbose_name = _("Statistics and meetings")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist

        from .duties import scope_in_numbers

        verbs.register("dashboards.report_requested", _("Asked for a data-analysis report"))
        verbs.register("dashboards.report_written", _("Wrote a data-analysis report"))
        verbs.register("dashboards.lead_opened", _("Opened a lead from a data-analysis report"))
        worklist.register(scope_in_numbers)
        menu.register(menu.INFORMATION, _("Overview"), "dashboards:overview", "layout-dashboard", order=5)
        menu.register(menu.INFORMATION, _("Statistics"), "dashboards:statistics", "chart-histogram", order=70)
        menu.register(
            menu.INFORMATION,
            _("Data-analysis meetings"),
            "dashboards:reports",
            "presentation-analytics",
            order=75,
        )
