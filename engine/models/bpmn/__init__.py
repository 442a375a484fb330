"""Reading BPMN 2.0 files into the plain values of `engine.models.elements`."""

from engine.models.bpmn.file import BpmnFile, read_bpmn

__all__ = ["BpmnFile", "read_bpmn"]
