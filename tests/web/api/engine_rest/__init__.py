"""The API of the engine, in the words of Camunda 7."""
