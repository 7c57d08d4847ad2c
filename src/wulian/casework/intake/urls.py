from django.urls import path

from wulian.casework.intake.models import TipOff
from wulian.casework.intake.views import matters, vault
from wulian.casework.intake.views.base import pages
from wulian.casework.intake.views.steps import COMPLAINT_STEPS, TIP_OFF_STEPS

app_name = "intake"
urlpatterns = [
    path("", matters.ComplaintListView.as_view(), name="complaints"),
    path("<int:pk>/", matters.MatterDetailView.as_view(), name="complaint"),
    *pages(COMPLAINT_STEPS),
    path("tip-offs/", matters.TipOffListView.as_view(), name="tip_offs"),
    path("tip-offs/<int:pk>/", matters.MatterDetailView.as_view(model=TipOff), name="tip_off"),
    *pages(TIP_OFF_STEPS, model=TipOff, prefix="tip-offs/"),
    path("openings/<int:opening>/", vault.OpeningDecideView.as_view(), name="opening"),
    path("openings/<int:opening>/identity/", vault.IdentityView.as_view(), name="identity"),
]
