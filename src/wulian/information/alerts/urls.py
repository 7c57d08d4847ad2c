"""Alerts and the rules that raise them."""

from django.urls import path

from wulian.information.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.AlertList.as_view(), name="list"),
    path("rules/", views.RuleList.as_view(), name="rules"),
    path("rules/<str:rule_id>/", views.RulePage.as_view(), name="rule"),
    path("<int:pk>/", views.AlertPage.as_view(), name="detail"),
    path("<int:pk>/accept/", views.Accept.as_view(), name="accept"),
    path("<int:pk>/dispatch/", views.Dispatch.as_view(), name="dispatch"),
    path("<int:pk>/exclude/", views.Exclude.as_view(), name="exclude"),
    path("<int:pk>/confirm/", views.Confirm.as_view(), name="confirm"),
    path("<int:pk>/return/", views.Return.as_view(), name="return"),
    path("<int:pk>/refer/", views.Refer.as_view(), name="refer"),
    path("<int:pk>/close/", views.Close.as_view(), name="close"),
]
