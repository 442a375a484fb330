"""One worker program for each Python client: `python -m tests.world.clients.programs.of_pycamunda`.

Each fetches tasks of one topic without end, says what it sees as a line of JSON, and does at each
task what the variable `plan` of the case asks for. The program in JavaScript is beside this folder.
"""
