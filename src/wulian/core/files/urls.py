from django.urls import path

from wulian.core.files import views

app_name = "files"
urlpatterns = [
    path("<int:pk>/", views.WorkingCopyView.as_view(), name="working"),
    path("<int:pk>/original/", views.OriginalView.as_view(), name="original"),
]
