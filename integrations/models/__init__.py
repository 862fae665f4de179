from integrations.models.accounting_log import AccountingLogEntry
from integrations.models.app_budget import AppBudget
from integrations.models.connection_settings import ConnectionSettings
from integrations.models.contact_link import ContactLink
from integrations.models.heartbeat import Heartbeat, RestoreEpoch
from integrations.models.mapping_rule import ChargeRule, TaxRule
from integrations.models.organisation_lane import OrganisationLane
from integrations.models.reference_record import ReferenceRecord
from integrations.models.send_batch import BatchMember, SendBatch
from integrations.models.sync_attempt import AttemptMember, SyncAttempt
from integrations.models.sync_job import SyncJob
from integrations.models.webhook_event import WebhookEvent
from integrations.models.xero_connection import OAuthState, XeroConnection
from integrations.models.xero_document import XeroDocument
from integrations.models.xero_grant import XeroGrant

__all__ = [
    "AccountingLogEntry",
    "AppBudget",
    "AttemptMember",
    "BatchMember",
    "ChargeRule",
    "ConnectionSettings",
    "ContactLink",
    "Heartbeat",
    "OAuthState",
    "OrganisationLane",
    "ReferenceRecord",
    "RestoreEpoch",
    "SendBatch",
    "SyncAttempt",
    "SyncJob",
    "TaxRule",
    "WebhookEvent",
    "XeroConnection",
    "XeroDocument",
    "XeroGrant",
]
