"""Every path of the server on one page, by capability; each capability's own list says who may call what."""

from __future__ import annotations

from aiohttp import web

from router.agents.http import AgentsHttp
from router.api import Api, Route
from router.companies.http import CompaniesHttp
from router.conversations.http import ConversationsHttp
from router.customers.http import CustomersHttp
from router.health import Health
from router.knowledge.http import KnowledgeHttp
from router.learning.http import LearningHttp
from router.openapi import mount_documents
from router.pages import Pages
from router.tasks.http import TasksHttp


def api_routes(
    agents: AgentsHttp,
    customers: CustomersHttp,
    companies: CompaniesHttp,
    tasks: TasksHttp,
    conversations: ConversationsHttp,
    knowledge: KnowledgeHttp,
    learning: LearningHttp,
) -> list[Route]:
    """``/api/v1``: sessions, agents, groups; customers, companies; tasks; conversations; articles; learning."""
    return [
        *agents.routes(),
        *customers.routes(),
        *companies.routes(),
        *tasks.routes(),
        *conversations.routes(),
        *knowledge.routes(),
        *learning.routes(),
    ]


def mount(app: web.Application, api: Api, routes: list[Route], health: Health, pages: Pages) -> None:
    """``/api/…`` with its documents, ``/livez`` ``/readyz`` ``/metrics``, and the pages."""
    api.mount(app, routes)
    mount_documents(app, routes)
    health.mount(app)
    pages.mount(app)
