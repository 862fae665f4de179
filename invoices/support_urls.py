"""Pages of those who run the installation: they belong to no company."""

from django.urls import path

from invoices.web.support_pages import support_desk, support_search
from invoices.web.support_replay_pages import support_replay
from invoices.web.support_visit_pages import stop_visiting, support_visit, visit_over

urlpatterns = [
    path("support/", support_desk, name="support_desk"),
    path("support/search/", support_search, name="support_search"),
    path("support/visit-end/", stop_visiting, name="end_visit"),
    path("support/visit-over/", visit_over, name="visit_over"),
    # Not `slug`: the company's own pages are those, and this one is not.
    path("support/visit/<slug:company>/", support_visit, name="support_visit"),
    path("support/replay/<slug:company>/<uuid:attempt_id>/", support_replay, name="support_replay"),
]
