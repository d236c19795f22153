"""Who may call the routes of companies, customers, tasks, ratings and the block list: each role, nobody, a visitor."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from router.api import CUSTOMER, Route
from router.blocks.http import BlocksHttp
from router.companies.http import CompaniesHttp
from router.customers.http import CustomersHttp
from router.ratings.http import RatingsHttp
from router.tasks.http import TasksHttp
from tests.acceptance.people import People
from tests.edge.house import House

_ROLES = ("agent", "supervisor", "editor", "admin")


def _routes() -> list[Route]:
    faces: tuple[Any, ...] = (BlocksHttp, CompaniesHttp, CustomersHttp, RatingsHttp, TasksHttp)
    return [route for face in faces for route in face.__new__(face).routes()]


@pytest.mark.slow
async def test_each_route_refuses_whoever_it_does_not_name(house: House, people: People) -> None:
    page = await people.customer()
    tokens = {role: (await people.staff(role=role)).token for role in _ROLES}
    tokens |= {"visitor": page.all("welcome")[0]["visitor"], "nobody": ""}
    faults = []
    async with aiohttp.ClientSession(house.url) as session:
        for route in _routes():
            for who, token in tokens.items():
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                path = route.path.replace("{id}", str(uuid4()))
                body = b"{" if route.body else None
                async with session.request(route.method, path, headers=headers, data=body) as answer:
                    may = who == "visitor" if route.roles == CUSTOMER else who in (route.roles or ())
                    expected = {200, 400, 404} if may else {403} if who in _ROLES and route.roles != CUSTOMER else {401}
                    if answer.status not in expected:
                        faults.append(f"{route.method} {route.path} as {who}: {answer.status}")
    assert not faults
