from django.urls import path

from .views import frame

app_name = "ui"
urlpatterns = [
    path("", frame.HomeView.as_view(), name="home"),
    path("search/", frame.SearchView.as_view(), name="search"),
    path("notifications/", frame.NotificationListView.as_view(), name="notifications"),
    path("notifications/<int:pk>/", frame.NotificationOpenView.as_view(), name="notification"),
    path("language/", frame.choose_language, name="language"),
]
