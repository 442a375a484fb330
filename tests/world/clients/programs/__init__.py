"""One worker program for each Python client: `python -m tests.world.clients.programs.of_pycamunda`.

Each fetches tasks of one topic without end, prints its observations as lines of JSON, and acts on
each task by the variable `plan` of the case. The program in JavaScript is beside this folder.
"""
