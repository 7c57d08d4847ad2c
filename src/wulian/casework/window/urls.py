from django.urls import path

from wulian.casework.window import views

app_name = "window"
urlpatterns = [
    path("", views.EntryView.as_view(), name="entry"),
    path("shell/", views.ShellView.as_view(), name="shell"),
    path("worker.js", views.WorkerView.as_view(), name="worker"),
    path("key/", views.KeyView.as_view(), name="key"),
    path("projects/", views.ProjectsView.as_view(), name="projects"),
    path("parties/", views.PartiesView.as_view(), name="parties"),
    path("receipts/<int:pk>/", views.SlipView.as_view(), name="slip"),
]
