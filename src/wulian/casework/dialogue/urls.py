from django.urls import re_path

from wulian.casework.dialogue import views

app_name = "dialogue"
KIND = r"^(?P<kind>complaint|tip-off)/(?P<pk>[0-9]{1,18})"
urlpatterns = [
    re_path(KIND + r"/message/$", views.MessageView.as_view(), name="message"),
    re_path(KIND + r"/settle/$", views.SettleView.as_view(), name="settle"),
    re_path(KIND + r"/supplement/$", views.SupplementView.as_view(), name="supplement"),
    re_path(
        KIND + r"/supplement/(?P<asked>[0-9]{1,18})/withdraw/$",
        views.WithdrawSupplementView.as_view(),
        name="withdraw_supplement",
    ),
]
