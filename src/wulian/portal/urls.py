from django.urls import path

from wulian.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("report/check/", views.CheckView.as_view(), name="check"),
    path("report/forget/", views.ForgetView.as_view(), name="forget"),
    path("report/<slug:step>/", views.StepView.as_view(), name="step"),
    path("receipt/", views.ReceiptView.as_view(), name="receipt"),
    path("status/", views.StatusView.as_view(), name="status"),
    path("status/progress/", views.ProgressView.as_view(), name="progress"),
    path("verify/", views.VerifyView.as_view(), name="verify"),
    path("verify/key/<slug:key_id>/", views.KeyView.as_view(), name="key"),
    path("objection/", views.ObjectionView.as_view(), name="objection"),
    path("published/", views.PublishedView.as_view(), name="published"),
]
