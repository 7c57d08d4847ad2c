"""Where each room answers."""

from django.urls import include, path

from wulian.information.supervision.api import api as supervision_api

urlpatterns = [
    path("", include("wulian.core.ui.urls")),
    path("accounts/", include("wulian.core.accounts.urls")),
    path("audit/", include("wulian.core.audit.urls")),
    path("clocks/", include("wulian.core.clocks.urls")),
    path("documents/", include("wulian.core.documents.urls")),
    path("files/", include("wulian.core.files.urls")),
    path("jurisdiction/", include("wulian.office.jurisdiction.urls")),
    path("consultations/", include("wulian.office.consultations.urls")),
    path("officers/", include("wulian.force.officers.urls")),
    path("dossiers/", include("wulian.information.registry.urls")),
    path("alerts/", include("wulian.information.alerts.urls")),
    path("supervision/", include("wulian.information.supervision.urls")),
    path("findings/", include("wulian.information.findings.urls")),
    path("comparison/", include("wulian.information.comparison.urls")),
    path("api/supervision/", supervision_api.urls),
    path("intake/", include("wulian.casework.intake.urls")),
    path("window/", include("wulian.casework.window.urls")),
    path("dialogue/", include("wulian.casework.dialogue.urls")),
    path("objections/", include("wulian.casework.objections.urls")),
    path("handling/", include("wulian.casework.handling.urls")),
    path("cases/", include("wulian.casework.cases.urls")),
    path("credit/", include("wulian.casework.credit.urls")),
    path("inspections/", include("wulian.inspection.urls")),
    path("numbers/", include("wulian.dashboards.urls")),
    path("portal/", include("wulian.portal.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
