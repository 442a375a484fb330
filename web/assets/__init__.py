"""The front end: its sources and how they become web/static/dist. Knows no Flask and no page."""
