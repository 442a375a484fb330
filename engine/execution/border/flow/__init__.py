"""Elements that tokens leave along flows: gateways, human tasks, and what propagates outwards."""
