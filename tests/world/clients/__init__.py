"""Foreign workers against the served product: each client library of Camunda 7 and related engines,
used as its documentation says, in its own process."""
