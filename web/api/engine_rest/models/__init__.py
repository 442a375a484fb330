"""Resources of models: deployments and process definitions."""
