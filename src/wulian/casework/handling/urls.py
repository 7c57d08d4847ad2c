from django.urls import path

from wulian.casework.handling.views import files, public
from wulian.casework.handling.views.base import StepView
from wulian.casework.handling.views.steps import STEPS
from wulian.casework.intake.views.base import pages

app_name = "handling"
urlpatterns = [
    path("public/", public.ResultListView.as_view(), name="public_results"),
    path("public/<int:pk>/", public.ResultView.as_view(), name="public_result"),
    *pages(STEPS, view=StepView),
    path("<int:pk>/annex/", files.AnnexView.as_view(), name="annex"),
    path("<int:pk>/file/", files.BundleView.as_view(), name="bundle"),
]
