"""Files of documents."""

from django.urls import path

from wulian.core.documents.views import FileView

app_name = "documents"
urlpatterns = [
    path("<int:pk>/pdf/", FileView.as_view(kind="pdf"), name="pdf"),
    path("<int:pk>/docx/", FileView.as_view(kind="docx"), name="docx"),
]
