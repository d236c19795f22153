"""Notifications over HTTP: what became of them for supervisors; webhooks and colleagues' addresses for admins."""

from __future__ import annotations

from urllib.parse import urlsplit

from database.ids import uuid7
from router.api import Call, Route
from router.errors import Invalid
from router.notifications.bodies import (
    ChannelList,
    ContactView,
    DeliveryList,
    DeliveryQuery,
    NewWebhook,
    ReaderQuery,
    Retried,
    Retry,
    Secret,
    Tell,
    TestWish,
    UntoldView,
    WebhookChange,
    WebhookList,
    WebhookView,
    channel_view,
    contact_view,
    delivery_view,
    webhook_view,
)
from router.notifications.contacts import Contact, Contacts
from router.notifications.deliveries import Deliveries
from router.notifications.kinds import EVENT_TYPES
from router.notifications.outbox import Outbox
from router.notifications.records import Address, Integrators, Notice
from router.notifications.settings import NotificationSettings
from router.notifications.webhooks import Webhooks
from router.notifications.words import Words
from router.paging import cursor_of, id_of

_WATCHERS = frozenset({"supervisor", "admin"})
_ADMINS = frozenset({"admin"})
_UNTOLD = 200


class NotificationsHttp:
    """Nothing here opens a seal but a colleague's own address."""

    def __init__(
        self,
        settings: NotificationSettings,
        deliveries: Deliveries,
        webhooks: Webhooks,
        contacts: Contacts,
        outbox: Outbox,
        words: Words,
    ) -> None:
        self._settings = settings
        self._words = words
        self._deliveries = deliveries
        self._webhooks = webhooks
        self._contacts = contacts
        self._outbox = outbox

    def routes(self) -> list[Route]:
        base, hooks, hook = "/api/v1/notifications", "/api/v1/webhooks", "/api/v1/webhooks/{id}"
        contact = "/api/v1/agents/{id}/contact"
        return [
            Route("GET", base, self._list, _WATCHERS, None, DeliveryList, "Notices by state", query=DeliveryQuery),
            Route("POST", f"{base}/retry", self._retry, _WATCHERS, Retry, Retried, "Dead letters again", stores=True),
            Route(
                "GET",
                f"{base}/channels",
                self._channels,
                _WATCHERS,
                None,
                ChannelList,
                "Each channel",
                query=ReaderQuery,
            ),
            Route("POST", f"{base}/test", self._test, _WATCHERS, TestWish, None, "Try it", status=204, stores=True),
            Route("GET", hooks, self._hooks, _ADMINS, None, WebhookList, "Webhooks", query=ReaderQuery),
            Route(
                "POST", hooks, self._create, _ADMINS, NewWebhook, WebhookView, "New webhook", status=201, stores=True
            ),
            Route("PATCH", hook, self._change, _ADMINS, WebhookChange, WebhookView, "Change a webhook", stores=True),
            Route("DELETE", hook, self._remove, _ADMINS, None, None, "Remove a webhook", status=204, stores=True),
            Route("GET", f"{hook}/secret", self._secret, _ADMINS, None, Secret, "Show the secret"),
            Route("POST", f"{hook}/secret", self._rotate, _ADMINS, None, WebhookView, "Make a new secret", stores=True),
            Route("POST", f"{hook}/test", self._test_hook, _ADMINS, None, None, "Send a test", status=204, stores=True),
            Route("GET", contact, self._contact, _ADMINS, None, ContactView, "Where a colleague is reached"),
            Route("PUT", contact, self._put_contact, _ADMINS, ContactView, ContactView, "Set it", stores=True),
        ]  # fmt: skip

    async def _list(self, call: Call) -> DeliveryList:
        query: DeliveryQuery = call.query
        before, tell = id_of(query.cursor), self._teller(query.locale)
        rows, more = await self._deliveries.page([query.state], query.endpoint, before, query.limit)
        untold = []
        if query.state == "dead" and before is None and query.endpoint is None:
            untold = [
                UntoldView(id=row["id"], kind=row["kind"], at=row["at"], trouble=tell(row["trouble"]))
                for row in await self._deliveries.untold(_UNTOLD)
            ]
        return DeliveryList(
            items=[delivery_view(row, tell) for row in rows],
            untold=untold,
            next=cursor_of(rows[-1]["id"] if more else None),
        )

    async def _retry(self, call: Call) -> Retried:
        wish: Retry = call.body
        return Retried(count=await self._deliveries.retry(wish.ids, wish.endpoint, call.connection))

    async def _channels(self, call: Call) -> ChannelList:
        rows = {row["name"]: row for row in await self._deliveries.endpoints()}
        settings, tell = self._settings, self._teller(call.query.locale)
        known = {
            "mail": settings.mail.host or "",
            "sms": _host_of(settings.sms.url),
            **{f"robot:{name}": robot.type for name, robot in settings.robots.items()},
        }
        configured = {
            "mail": settings.reach.mail,
            "sms": settings.reach.sms,
            **{f"robot:{name}": name in settings.robot_urls for name in settings.robots},
        }
        items = [channel_view(name, where, configured[name], rows.get(name), tell) for name, where in known.items()]
        items += [
            channel_view(name, _host_of(row["url"]), row["disabled_at"] is None, rows.get(name), tell)
            for row in await self._webhooks.all()
            if (name := f"webhook:{row['id']}")
        ]
        return ChannelList(items=items)

    async def _test(self, call: Call) -> None:
        wish: TestWish = call.body
        needed = {"mail": wish.email, "sms": wish.phone}.get(wish.endpoint, "nothing")
        if not needed or not needed.strip():
            raise Invalid("say where the test goes to", field="email" if wish.endpoint == "mail" else "phone")
        name = wish.endpoint.removeprefix("robot:")
        is_robot = wish.endpoint.startswith("robot:") and name in self._settings.robot_urls
        reach = {"mail": self._settings.reach.mail, "sms": self._settings.reach.sms}
        if not (is_robot or reach.get(wish.endpoint, False)):
            raise Invalid("this channel is not set up", field="endpoint")
        to = Address(email=(wish.email or "").strip() or None, phone=(wish.phone or "").strip() or None)
        await self._deliveries.reopen(wish.endpoint, call.connection)
        data = {"endpoint": wish.endpoint, "by": call.signed.account.name}
        await self._outbox.put(Notice("test", to, data, f"test:{uuid7()}"), call.connection)

    async def _hooks(self, call: Call) -> WebhookList:
        tell = self._teller(call.query.locale)
        hooks = [webhook_view(row, tell) for row in await self._webhooks.all()]
        return WebhookList(items=hooks, event_types=list(EVENT_TYPES))

    async def _create(self, call: Call) -> WebhookView:
        new: NewWebhook = call.body
        row = await self._webhooks.create(call.connection, call.actor, new.url, new.events, new.description)
        return webhook_view(row, self._teller("en"))

    async def _change(self, call: Call) -> WebhookView:
        change: WebhookChange = call.body
        row = await self._webhooks.change(
            call.connection,
            call.actor,
            call.path_id,
            url=change.url,
            events=change.events,
            description=change.description,
            enabled=change.enabled,
        )
        return webhook_view(row, self._teller("en"))

    async def _remove(self, call: Call) -> None:
        await self._webhooks.remove(call.connection, call.actor, call.path_id)

    async def _secret(self, call: Call) -> Secret:
        return Secret(secret=await self._webhooks.secret(call.actor, call.path_id))

    async def _rotate(self, call: Call) -> WebhookView:
        row = await self._webhooks.rotate(call.connection, call.actor, call.path_id)
        return webhook_view(row, self._teller("en"))

    async def _test_hook(self, call: Call) -> None:
        row = await self._webhooks.one(call.path_id)
        if row["disabled_at"] is not None:
            raise Invalid("this webhook is switched off")
        await self._deliveries.reopen(f"webhook:{row['id']}", call.connection)
        data = {"endpoint": str(row["id"]), "by": call.signed.account.name}
        await self._outbox.put(Notice("webhook.test", Integrators(), data, f"test:{uuid7()}"), call.connection)

    def _teller(self, locale: str) -> Tell:
        return lambda recorded: self._words.trouble(recorded, locale)

    async def _contact(self, call: Call) -> ContactView:
        return contact_view(await self._contacts.of(call.path_id))

    async def _put_contact(self, call: Call) -> ContactView:
        given: ContactView = call.body
        contact = Contact(given.email.strip() or None, given.phone.strip() or None, given.locale)
        await self._contacts.put(call.connection, call.actor, call.path_id, contact)
        return contact_view(contact)


def _host_of(url: str | None) -> str:
    """What of an address people may see: the rest may hold secrets."""
    return (urlsplit(url or "").hostname or "") if url else ""
