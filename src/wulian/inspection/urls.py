from django.urls import path

from . import views

app_name = "inspection"
urlpatterns = [
    path("", views.TaskListView.as_view(), name="tasks"),
    path("plans/", views.PlanListView.as_view(), name="plans"),
    path("plans/add/", views.PlanAddView.as_view(), name="add_plan"),
    path("plans/<int:pk>/", views.PlanDetailView.as_view(), name="plan"),
    path("plans/<int:pk>/publish/", views.PlanPublishView.as_view(), name="publish"),
    path("plans/<int:pk>/draw/", views.FreezeView.as_view(), name="freeze"),
    path("draws/<int:pk>/", views.DrawDetailView.as_view(), name="draw"),
    path("draws/<int:pk>/seed/", views.SeedView.as_view(), name="seed"),
    path("draws/<int:pk>/run/", views.RunView.as_view(), name="run"),
    path("draws/<int:pk>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path("draws/<int:pk>/record/", views.RecordView.as_view(), name="record"),
    path("<int:pk>/", views.TaskDetailView.as_view(), name="task"),
    path("<int:pk>/<slug:event>/", views.TaskStepView.as_view(), name="step"),
]
