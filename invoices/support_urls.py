"""Pages of those who run the installation: they belong to no company."""

from django.urls import path

from invoices.web.support_pages import support_desk, support_search

urlpatterns = [
    path("support/", support_desk, name="support_desk"),
    path("support/search/", support_search, name="support_search"),
]
