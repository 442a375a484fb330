"""The one composition of the web: from a service and settings to a Flask application.

Owns the order of registration; every rule is in its own module. Builds nothing when imported, keeps
nothing outside the application it returns.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from processes.acts.service import Service
from web import addresses, api
from web.api import caller
from web.configuration.settings import Settings
from web.frame import frame, template_filters
from web.front import waiting
from web.gate import bodies, errors, nul, policy, security, static_files, visitor
from web.pages import blueprints
from web.words import admin_labels, approval_sentences, i18n, people_names

HERE = Path(__file__).parent


def create_app(service: Service, settings: Settings) -> Flask:
    """The application serving `service`. A request is checked in the order below: host, language,
    person, rights, body, forgery, then the view."""
    app = Flask("web", root_path=str(HERE))
    # A misspelt name in a template is an error of ours, not an empty place on a page.
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
    }
    app.config["TINDAK_SETTINGS"] = settings
    errors.register(app)
    waiting.register(app)
    security.register_hosts(app)
    i18n.register(app, settings.zone)
    visitor.register(app, service, settings)
    policy.register(app)
    nul.register_addresses(app)
    caller.register(app)
    bodies.register(app, settings)
    nul.register_forms(app)
    security.register(app, settings)
    frame.register(app, settings)
    template_filters.register(app)
    people_names.register(app)
    addresses.register(app)
    admin_labels.register(app)
    approval_sentences.register(app)
    static_files.register(app)
    i18n.ask_each_reader(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    api.register(app)
    return app
