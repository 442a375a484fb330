"""SpiffWorkflow's own test models, run on stock SpiffWorkflow and on this engine side by side.

`table/` says in our words what its tests answer, and of each difference who is right and why; the
models are not part of this project.
"""
