from django.urls import include, path

from freightbridge.access.start_page import choose_company, start
from freightbridge.status.metrics import metrics

urlpatterns = [
    path("", start, name="start"),
    path("companies/", choose_company, name="choose_company"),
    path("", include("allauth.account.urls")),
    path("metrics", metrics, name="metrics"),
    path("", include("integrations.callback_urls")),
    path("o/<slug:slug>/", include("invoices.urls")),
    path("o/<slug:slug>/", include("integrations.urls")),
]

handler400 = "freightbridge.ui.error_pages.bad_request"
handler403 = "freightbridge.ui.error_pages.forbidden"
handler404 = "freightbridge.ui.error_pages.not_found"
handler500 = "freightbridge.ui.error_pages.broken"
