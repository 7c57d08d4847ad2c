"""Addresses of points and credit records."""

from django.urls import path

from wulian.casework.credit import views

app_name = "credit"
urlpatterns = [
    path("", views.PointListView.as_view(), name="events"),
    path("rules/", views.RulesView.as_view(), name="rules"),
    path("party/<int:pk>/", views.PartyPointsView.as_view(), name="party"),
    path("case/<int:pk>/propose/", views.ProposeView.as_view(), name="propose"),
    path("<int:pk>/", views.EventView.as_view(), name="event"),
    path("<int:pk>/notify/", views.NotifyView.as_view(), name="notify"),
    path("<int:pk>/objection/", views.ObjectionView.as_view(), name="objection"),
    path("<int:pk>/answer/", views.AnswerView.as_view(), name="answer"),
    path("<int:pk>/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path("<int:pk>/dismiss/", views.DismissView.as_view(), name="dismiss"),
    path("outbox/", views.OutboxListView.as_view(), name="outbox"),
    path("outbox/<int:pk>/", views.RecordView.as_view(), name="record"),
    path("outbox/<int:pk>/approve/", views.ApproveView.as_view(), name="approve"),
    path("outbox/<int:pk>/receipt/", views.ReceiptView.as_view(), name="receipt"),
    path("outbox/<int:pk>/correct/", views.CorrectView.as_view(), name="correct"),
    path("outbox/<int:pk>/retry/", views.RetryView.as_view(), name="retry"),
    path("outbox/<int:pk>/files/<int:item>/<slug:kind>/", views.FileView.as_view(), name="file"),
]
