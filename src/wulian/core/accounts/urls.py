from django.urls import path

from .views import login, people

app_name = "accounts"
urlpatterns = [
    path("login/", login.LoginView.as_view(), name="login"),
    path("logout/", login.LogoutView.as_view(), name="logout"),
    path("verify/", login.VerifyView.as_view(), name="verify"),
    path("second-factor/", login.SecondFactorView.as_view(), name="second_factor"),
    path("me/", login.ProfileView.as_view(), name="profile"),
    path("me/password/", login.PasswordView.as_view(), name="password"),
    path("departments/", people.DepartmentTreeView.as_view(), name="departments"),
    path("departments/add/", people.DepartmentAddView.as_view(), name="department_add"),
    path("departments/<int:pk>/", people.DepartmentEditView.as_view(), name="department_edit"),
    path("users/", people.UserListView.as_view(), name="users"),
    path("users/add/", people.UserAddView.as_view(), name="user_add"),
    path("users/<int:pk>/", people.UserView.as_view(), name="user"),
    path("users/<int:pk>/edit/", people.UserEditView.as_view(), name="user_edit"),
    path("users/<int:pk>/password/", people.UserPasswordView.as_view(), name="user_password"),
    path("users/<int:pk>/disable/", people.UserDisableView.as_view(), name="user_disable"),
    path("users/<int:pk>/enable/", people.UserEnableView.as_view(), name="user_enable"),
    path("users/<int:pk>/grant/", people.GrantView.as_view(), name="grant"),
    path("users/<int:pk>/grants/<int:grant>/end/", people.EndGrantView.as_view(), name="grant_end"),
    path(
        "users/<int:pk>/second-factor/remove",
        people.RemoveSecondFactorView.as_view(),
        name="second_factor_remove",
    ),
]
