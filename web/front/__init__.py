"""The front of a web process: it waits for clients, so that no thread of the pages ever does.

`receiving` takes bodies in, with limits of size, pace and number; `calling` asks the application in
a pool of threads; `waiting` and `watch` let workers wait for work; `door` is the ASGI application
that granian serves. Knows no page and no right: whether a body is wanted at all, how much of it
(`web/gate/bodies.py`), and whether there is work yet, the application says.
"""
