"""Where Xero is: the settings as the gateway wants them."""

from django.conf import settings

from integrations.xero_gateway.identity_api import IdentityApi

CALLBACK_PATH = "/xero/callback/"


def identity_api() -> IdentityApi:
    return IdentityApi(
        login_base_url=settings.XERO_LOGIN_BASE_URL,
        identity_base_url=settings.XERO_IDENTITY_BASE_URL,
        api_base_url=settings.XERO_API_BASE_URL,
        client_id=settings.XERO_CLIENT_ID,
        client_secret=settings.XERO_CLIENT_SECRET,
        redirect_uri=f"{settings.PUBLIC_BASE_URL}{CALLBACK_PATH}",
    )
