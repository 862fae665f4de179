"""The roles a person can have in a tenant, as data: what each may do, and words for the person who grants it."""

from dataclasses import dataclass

from freightbridge.access.permissions import Permission

P = Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    title: str
    description: str
    permissions: frozenset[Permission]


VIEWER = Role(
    name="viewer",
    title="Viewer",
    description="Sees shipments, invoices and their payment status. Changes nothing.",
    permissions=frozenset({P.VIEW_FREIGHT}),
)
SUPPORT = Role(
    name="support",
    title="Support",
    description="Sees everything, the accounting log and the settings too, to explain why something did not go.",
    permissions=VIEWER.permissions | {P.VIEW_ACCOUNTING_LOG, P.VIEW_SETTINGS, P.CHECK_PAYMENTS},
)
OPERATOR = Role(
    name="operator",
    title="Operator",
    description="Uploads and edits shipments, sends them to accounting and mends what was refused.",
    permissions=SUPPORT.permissions
    | {P.EDIT_FREIGHT, P.UPLOAD_SHIPMENTS, P.SEND_TO_ACCOUNTING, P.MANAGE_MAPPINGS, P.SHARE_VIEWS},
)
ADMIN = Role(
    name="admin",
    title="Admin",
    description="Does all of this, takes back what is in Xero, connects Xero, decides the rules and who works here.",
    permissions=frozenset(Permission),
)

ROLES: dict[str, Role] = {role.name: role for role in (ADMIN, OPERATOR, SUPPORT, VIEWER)}

# Nobody is given it: it is what somebody of the installation's staff may see on a visit, which he says the reason for.
VISITING = Role(
    name="visiting",
    title="Visiting support",
    description="Sees what Support sees, for a while and for a reason that the company can read. Changes nothing.",
    permissions=VIEWER.permissions | {P.VIEW_ACCOUNTING_LOG, P.VIEW_SETTINGS},
)


def role_called(name: str) -> Role:
    """Raises KeyError."""
    return VISITING if name == VISITING.name else ROLES[name]


def roles_with(permission: Permission) -> list[Role]:
    """For the sentence that tells a person whom to ask."""
    return [role for role in ROLES.values() if permission in role.permissions]
