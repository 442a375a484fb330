"""The front end: its sources, and building web/static/dist from them. Knows no Flask and no
page.
"""
