"""What a person may be allowed to do. Every page and endpoint asks for one of these."""

from enum import StrEnum


class Permission(StrEnum):
    VIEW_FREIGHT = "view freight"
    EDIT_FREIGHT = "edit freight"
    SHARE_VIEWS = "share views with everybody"
    UPLOAD_SHIPMENTS = "upload shipments"
    SEND_TO_ACCOUNTING = "send to accounting"
    VOID_DOCUMENTS = "void or take back documents"
    VIEW_ACCOUNTING_LOG = "view the accounting log"
    CHECK_PAYMENTS = "check payments"
    VIEW_SETTINGS = "view settings"
    MANAGE_MAPPINGS = "manage mappings"
    MANAGE_SENDING_RULES = "manage sending rules"
    MANAGE_CONNECTION = "manage the Xero connection"
    MANAGE_API_KEYS = "manage API keys and events"
    MANAGE_PEOPLE = "manage people and roles"
