"""Whether anything is lost or done twice while processes are killed, frozen and the database falls.

`python -m benchmarks.chaos --minutes 3 --database postgresql` runs the product as its operator
would, lets clients complete, deliver and start over HTTP, breaks something every few seconds, and
then proves from the tables alone that every answer the clients were given is true.
"""
