"""The operator's settings of connections, bodies and the https headers for browsers.

Owns names, defaults and bounds; they are part of `web.configuration.settings.Settings`.
"""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class FrontSettings(BaseSettings):
    """The patience of a web process, and its limits."""

    max_json_mb: int = Field(
        2, ge=1, le=50, description="Largest JSON body of a call of the APIs, in megabytes."
    )
    max_connections: int = Field(
        2000, ge=100, le=50_000, description="Open connections of each web process; more wait."
    )
    max_connections_per_address: int = Field(
        500,
        ge=0,
        le=50_000,
        description="Of these, those of one address, half of them at most; beyond that the newest "
        "are closed. 0: no limit, as behind trusted proxies.",
    )
    max_bodies_per_address: int = Field(
        100,
        ge=8,
        le=10_000,
        description="Requests of one address whose bodies are on their way, for each web process.",
    )
    max_bodies_mb: int = Field(
        2000,
        ge=250,
        le=1_000_000,
        description="All bodies on their way or being read, for each web process, in megabytes.",
    )
    idle_seconds: int = Field(
        20,
        ge=5,
        le=60,
        description="A connection is closed after so many seconds without a whole request head.",
    )
    body_seconds: int = Field(
        20,
        ge=5,
        le=600,
        description="Longest pause within a body, and what a body may take before its pace counts.",
    )
    body_bytes_per_second: int = Field(
        500, ge=1, le=1_000_000, description="Least pace of a body from then on."
    )
    send_seconds: int = Field(
        60,
        ge=5,
        le=3600,
        description="A client that takes nothing of an answer for so many seconds is cut off.",
    )
    hsts_subdomains: bool = Field(
        False, description="Tell browsers to stay on https for every name below this one, too."
    )
