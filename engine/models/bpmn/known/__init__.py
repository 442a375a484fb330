"""Every word of BPMN and Camunda: read, harmless, or reported."""
