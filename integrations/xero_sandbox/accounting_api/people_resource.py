"""/Users: the people of an organisation. Source: developer.xero.com/documentation/api/accounting/users."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.books.identity_records import Login
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.wire_dates import with_offset


def list_users(call: ApiCall) -> Answer:
    return enveloped(call, "Users", [_as_json(login, call) for login in _people(call)])


def get_user(call: ApiCall) -> Answer:
    wanted = call.parameters["user"].lower()
    found = [login for login in _people(call) if login.user_id == wanted]
    return enveloped(call, "Users", [_as_json(found[0], call)]) if found else not_found()


def _people(call: ApiCall) -> list[Login]:
    logins = call.books.store.table(Login).all("all")
    return [login for login in logins if call.books.organisation_id in login.organisation_ids]


def _as_json(login: Login, call: ApiCall) -> dict[str, Any]:
    return {
        "UserID": login.user_id,
        "EmailAddress": login.email,
        "FirstName": login.first_name,
        "LastName": login.last_name,
        "UpdatedDateUTC": with_offset(call.books.organisation.created_at),
        "IsSubscriber": login.organisation_ids[0] == call.books.organisation_id,
        "OrganisationRole": "FINANCIALADVISER",
    }
