"""What people fill in about people: a role, an invitation, a name and a password, one's own profile."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from freightbridge.access.models import Membership, User
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES, Role

ROLE_CHOICES = [(role.name, f"{role.title}: {role.description}") for role in ROLES.values()]


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="A link goes there that counts for a week, once.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "mia@example.com"}),
    )  # fmt: skip
    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, widget=forms.RadioSelect, initial="operator")


class RoleForm(forms.Form):
    """`is_own`: the person changes his own role, and says so himself before he gives the admin's away."""

    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, widget=forms.RadioSelect)
    knows = forms.BooleanField(
        label="I know that I cannot take this back myself", required=False,
        help_text="This is your own role. With a lesser one, only another admin can give you this one again.",
    )  # fmt: skip

    def __init__(self, data: Any, *, member: Membership, is_own: bool) -> None:
        super().__init__(data, initial={"role": member.role})
        if not is_own:
            del self.fields["knows"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        role = ROLES.get(chosen.get("role", ""))
        gives_away = role is not None and Permission.MANAGE_PEOPLE not in role.permissions
        if "knows" in self.fields and gives_away and not chosen.get("knows"):
            self.add_error("knows", "Tick this to give your own role away.")
        return chosen

    @property
    def chosen_role(self) -> Role:
        return ROLES[self.cleaned_data["role"]]


class JoinForm(forms.Form):
    """For a person without an account. The password keeps the rules of every other one."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password", help_text="At least twelve characters, and nothing that others would guess first.",
        strip=False, max_length=4096, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, email: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._email = email

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if "password" in entered:
            try:
                get_adapter().clean_password(
                    entered["password"], user=User(email=self._email, name=entered.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return entered


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "theme", "is_compact", "shortcuts_on"]
        labels = {"name": "Name", "theme": "Theme", "is_compact": "Compact lists", "shortcuts_on": "Keyboard shortcuts"}
        help_texts = {
            "name": "It stands in the menu, and in the mails that you have sent.",
            "is_compact": "Rows stand close, and more of them are in sight.",
            "shortcuts_on": "Single letters do something on a page, such as s for Send. ? shows all of them.",
        }
        widgets = {"theme": forms.RadioSelect, "name": forms.TextInput(attrs={"autocomplete": "name"})}
