"""Help that belongs to no company: what is printed in a message leads here whoever reads it."""

from django.urls import path

from integrations.web.help_pages import help_error, help_errors

urlpatterns = [
    path("help/errors/", help_errors, name="help_errors"),
    path("help/errors/<str:code>/", help_error, name="help_error"),
]
