"""The front of a web process: it waits for clients, so that no thread of the pages ever does.

`receiving` receives bodies, with limits of size, speed and number; `calling` calls the application
in a pool of threads; `waiting` and `watch` let workers wait for work; `door` is the ASGI
application that granian serves. The front knows no page and no right. The application says whether
a body is wanted and how much of it (`web/gate/bodies.py`), and whether there is work.
"""
