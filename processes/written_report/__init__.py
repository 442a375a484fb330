"""The process of an official written report on progress, and the requests for it."""
