from django.urls import include, path

from freightbridge.access.start_page import choose_company, start
from freightbridge.notices.mail_choice_pages import switch_off_mail
from freightbridge.people import invitation_pages, profile_pages
from freightbridge.status.metrics import metrics

urlpatterns = [
    path("", start, name="start"),
    path("companies/", choose_company, name="choose_company"),
    path("", include("allauth.account.urls")),
    path("invite/<str:token>/", invitation_pages.join, name="invite"),
    path("me/", profile_pages.profile, name="profile"),
    path("me/theme/", profile_pages.choose_theme, name="choose_theme"),
    path("me/density/", profile_pages.choose_density, name="choose_density"),
    path("me/sign-out-elsewhere/", profile_pages.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/go-on/", profile_pages.go_on, name="go_on"),
    path("me/two-step-needed/", profile_pages.two_step_needed, name="two_step_needed"),
    path("me/two-step/", include("allauth.mfa.urls")),
    path("metrics", metrics, name="metrics"),
    path("mail/off/<str:token>/", switch_off_mail, name="switch_off_mail"),
    path("", include("integrations.callback_urls")),
    path("", include("integrations.help_urls")),
    path("", include("invoices.support_urls")),
    path("api/v1/", include("invoices.api_urls")),
    path("o/<slug:slug>/", include("freightbridge.settings_urls")),
    path("o/<slug:slug>/", include("invoices.urls")),
    path("o/<slug:slug>/", include("integrations.urls")),
]

handler400 = "freightbridge.ui.error_pages.bad_request"
handler403 = "freightbridge.ui.error_pages.forbidden"
handler404 = "freightbridge.ui.error_pages.not_found"
handler500 = "freightbridge.ui.error_pages.broken"
