"""The front of a web process: it waits for clients, so that no thread of the pages ever does.

`receiving` takes bodies in, with limits of size, pace and number; `calling` asks the application in
a pool of threads; `door` is the ASGI application that granian serves. Knows no page and no right:
whether a body is wanted at all, and how much of it, the application says (`web/bodies.py`).
"""
