"""SpiffWorkflow's own test models, run on stock SpiffWorkflow and on this engine side by side.

`table/` has in our words the results of its tests, and for each difference who is right and why;
the models are not part of this project.
"""
