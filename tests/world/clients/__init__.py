"""Workers that nobody here wrote, against the product as it is served: each client library of
Camunda 7 and its kin as its readers use it, in a process of its own."""
