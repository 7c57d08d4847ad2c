"""Numbers: the front page, any question, the lists behind them, the data-analysis meeting."""

from django.urls import path

from wulian.dashboards import rows
from wulian.dashboards.views import reports
from wulian.dashboards.views.overview import Overview
from wulian.dashboards.views.statistics import StatisticsPage

app_name = "dashboards"
urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("statistics/", StatisticsPage.as_view(), name="statistics"),
    path("statistics/<slug:data>/rows/", rows.rows_page, name="rows"),
    path("meetings/", reports.ReportList.as_view(), name="reports"),
    path("meetings/new/", reports.RequestReport.as_view(), name="report_new"),
    path("meetings/<int:pk>/", reports.ReportPage.as_view(), name="report"),
    path("meetings/<int:pk>/lead/", reports.OpenLead.as_view(), name="report_lead"),
    path("meetings/<int:pk>/meeting/", reports.ProposeMeeting.as_view(), name="report_meeting"),
]
