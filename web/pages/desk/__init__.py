"""Pages of models: drafts, deployments, incidents."""
