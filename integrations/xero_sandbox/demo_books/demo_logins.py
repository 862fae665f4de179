"""The people who can sign in, and the app they can connect."""

from integrations.xero_sandbox.books.identity_records import App, Login
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.demo_books.demo_files import demo_id, read_demo_file


def open_demo_logins(store: Store) -> None:
    data = read_demo_file("logins")
    with store.transaction("demo log-ins"):
        for person in data["login"]:
            store.save(
                Login(
                    user_id=demo_id("login", person["email"]),
                    name=f"{person['first_name']} {person['last_name']}",
                    email=person["email"],
                    first_name=person["first_name"],
                    last_name=person["last_name"],
                    organisation_ids=tuple(demo_id(name) for name in person["organisations"]),
                )
            )
        for app in data["app"]:
            store.save(App(**app))
