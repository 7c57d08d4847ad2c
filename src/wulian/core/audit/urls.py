from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.EventListView.as_view(), name="events"),
    path("<int:pk>/", views.EventView.as_view(), name="event"),
    path("verify/", views.VerifyView.as_view(), name="verify"),
    path("checkpoints/", views.CheckpointListView.as_view(), name="checkpoints"),
    path("checkpoints/write/", views.CheckpointWriteView.as_view(), name="checkpoint_write"),
    path("checkpoints/<int:pk>/print/", views.CheckpointPrintView.as_view(), name="checkpoint_print"),
]
