from integrations.models.accounting_log import AccountingLogEntry
from integrations.models.adoption import AdoptionMatch, AdoptionSearch
from integrations.models.app_budget import AppBudget
from integrations.models.connection_settings import ConnectionSettings
from integrations.models.contact_link import ContactLink
from integrations.models.contact_sync import ContactSync, ContactSyncRow
from integrations.models.export_file import ExportedDocument, ExportFile
from integrations.models.found_document import FoundDocument
from integrations.models.heartbeat import Heartbeat, RestoreEpoch
from integrations.models.ledger_break import LedgerBreak, LedgerComparison
from integrations.models.mapping_rule import ChargeRule, TaxPlaceRule, TaxRule, TrackingRule
from integrations.models.number_check import NumberCheck
from integrations.models.organisation_lane import OrganisationLane
from integrations.models.reference_record import ReferenceRecord
from integrations.models.routing_rule import RoutingRule
from integrations.models.rules_version import RulesVersion
from integrations.models.send_batch import BatchMember, SendBatch
from integrations.models.send_schedule import SendSchedule
from integrations.models.sync_attempt import AttemptMember, SyncAttempt
from integrations.models.sync_job import SyncJob
from integrations.models.webhook_event import WebhookEvent
from integrations.models.xero_connection import OAuthState, XeroConnection
from integrations.models.xero_document import XeroDocument
from integrations.models.xero_grant import XeroGrant

__all__ = [
    "AccountingLogEntry",
    "AdoptionMatch",
    "AdoptionSearch",
    "AppBudget",
    "AttemptMember",
    "BatchMember",
    "ChargeRule",
    "ConnectionSettings",
    "ContactLink",
    "ContactSync",
    "ContactSyncRow",
    "ExportFile",
    "ExportedDocument",
    "FoundDocument",
    "Heartbeat",
    "LedgerBreak",
    "LedgerComparison",
    "NumberCheck",
    "OAuthState",
    "OrganisationLane",
    "ReferenceRecord",
    "RestoreEpoch",
    "RoutingRule",
    "RulesVersion",
    "SendBatch",
    "SendSchedule",
    "SyncAttempt",
    "SyncJob",
    "TaxPlaceRule",
    "TaxRule",
    "TrackingRule",
    "WebhookEvent",
    "XeroConnection",
    "XeroDocument",
    "XeroGrant",
]
