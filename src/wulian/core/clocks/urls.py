from django.urls import path

from wulian.core.clocks import views

app_name = "clocks"
urlpatterns = [
    path("<int:pk>/", views.ExplainView.as_view(), name="explain"),
    path("calendar/", views.YearListView.as_view(), name="year_list"),
    path("calendar/<int:year>/", views.YearDetailView.as_view(), name="year_detail"),
    path("calendar/<int:year>/edit/", views.YearEditView.as_view(), name="year_edit"),
    path("calendar/<int:year>/publish/", views.YearPublishView.as_view(), name="year_publish"),
    path("calendar/<int:year>/history/", views.YearHistoryView.as_view(), name="year_history"),
    path("calendar/<int:year>/reproject/", views.ReprojectView.as_view(), name="reproject"),
]
