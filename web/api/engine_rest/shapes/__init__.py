"""What the resources share: Camunda's shapes of bodies, values, queries, links and errors."""
