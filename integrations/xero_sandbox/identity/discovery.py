"""OpenID Connect discovery: where everything of the identity server is."""

from integrations.xero_sandbox.wire.http_messages import Answer, Request, json_answer

DISCOVERY_PATH = "/.well-known/openid-configuration"
REAL_IDENTITY_HOST = "identity.xero.com"
REAL_LOGIN_ORIGIN = "https://login.xero.com"


def configuration(request: Request) -> Answer:
    """All on one origin, unless the client reached us under Xero's own names: there, logging in has its own host."""
    origin = request.origin
    login = REAL_LOGIN_ORIGIN if request.headers.get("host") == REAL_IDENTITY_HOST else origin
    return json_answer(
        {
            "issuer": origin,
            "jwks_uri": f"{origin}{DISCOVERY_PATH}/jwks",
            "authorization_endpoint": f"{login}/identity/connect/authorize",
            "token_endpoint": f"{origin}/connect/token",
            "revocation_endpoint": f"{origin}/connect/revocation",
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "claims_supported": ["sub", "name", "given_name", "family_name", "email", "preferred_username"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
