"""Whether anything is lost or done twice while processes are killed, frozen and the database fails.

`python -m benchmarks.chaos --minutes 3 --database postgresql` runs the product as its operator
would. Clients complete, deliver and start over HTTP; every few seconds a fault happens; then the
tables alone prove that every answer to a client is true.
"""
