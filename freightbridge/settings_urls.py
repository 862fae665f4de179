"""What belongs neither to freight nor to Xero: people, what they are told, keys of the API, who is told of events."""

from django.urls import path

from freightbridge.notices import mail_choice_pages, notice_pages
from freightbridge.outbound_events import event_pages
from freightbridge.people import invitation_pages, member_pages
from freightbridge.rest import api_key_pages, intake_page

urlpatterns = [
    path("settings/people/", member_pages.people, name="people"),
    path("settings/people/two-step/", member_pages.two_step_rule, name="two_step_rule"),
    path("settings/people/<uuid:public_id>/", member_pages.member, name="member"),
    path("settings/people/<uuid:public_id>/remove/", member_pages.remove, name="remove_member"),
    path(
        "settings/people/invitations/<uuid:public_id>/again/",
        invitation_pages.resend_invitation,
        name="resend_invitation",
    ),
    path("settings/people/invitations/<uuid:public_id>/revoke/", invitation_pages.revoke, name="revoke_invitation"),
    path("notices/", notice_pages.notices, name="notices"),
    path("notices/bell/", notice_pages.bell_count, name="bell_count"),
    path("notices/recent/", notice_pages.recent_notices, name="recent_notices"),
    path("notices/read/", notice_pages.read_notices, name="read_notices"),
    path("notices/mails/", mail_choice_pages.mail_choices, name="mail_choices"),
    path("notices/<uuid:public_id>/open/", notice_pages.open_notice, name="open_notice"),
    path("settings/api/", intake_page.api_intake, name="api_intake"),
    path("settings/api-keys/", api_key_pages.api_keys, name="api_keys"),
    path("settings/api-keys/<uuid:public_id>/revoke/", api_key_pages.revoke_api_key, name="revoke_api_key"),
    path("settings/events/", event_pages.event_endpoints, name="event_endpoints"),
    path("settings/events/<uuid:public_id>/", event_pages.event_endpoint, name="event_endpoint"),
    path("settings/events/<uuid:public_id>/try/", event_pages.try_endpoint, name="try_endpoint"),
    path("settings/events/<uuid:public_id>/switch/", event_pages.switch_endpoint, name="switch_endpoint"),
    path("settings/events/<uuid:public_id>/remove/", event_pages.remove, name="remove_endpoint"),
    path("settings/events/deliveries/<uuid:public_id>/again/", event_pages.deliver_again, name="deliver_again"),
]
