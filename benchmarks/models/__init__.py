"""`python -m benchmarks.models FOLDER`: how many of a folder's BPMN files deploy, how many run."""
