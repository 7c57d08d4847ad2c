from django.urls import path

from wulian.casework.objections import views

app_name = "objections"
urlpatterns = [
    path("", views.ObjectionListView.as_view(), name="list"),
    path("<int:pk>/", views.ObjectionDetailView.as_view(), name="detail"),
    path("<int:pk>/order/", views.OrderView.as_view(), name="order"),
    path("<int:pk>/set-aside/", views.SetAsideView.as_view(), name="set_aside"),
    path("<int:pk>/resume/", views.ResumeView.as_view(), name="resume"),
]
