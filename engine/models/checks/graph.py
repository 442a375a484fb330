"""The flows of a process as a graph: successors, reachability, circles.

Owns the walks. None recurses, and each touches a flow a bounded number of times, so no drawing can
hang or crash a check. A flow without two ends in the same holder is not in the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from engine.models.elements import Element, Flow, ProcessModel


class Graph:
    """Sequence flows by their ends, boundary events by their activity, elements by their holder."""

    def __init__(self, process: ProcessModel) -> None:
        self.elements: Mapping[str, Element] = process.elements
        self._outgoing: dict[str, list[Flow]] = defaultdict(list)
        self._incoming: dict[str, list[Flow]] = defaultdict(list)
        self._attached: dict[str, list[Element]] = defaultdict(list)
        self._inside: dict[str, list[Element]] = defaultdict(list)
        for flow in process.flows.values():
            if self.joins_neighbours(flow):
                self._outgoing[flow.source].append(flow)
                self._incoming[flow.target].append(flow)
        for element in process.elements.values():
            self._inside[element.process].append(element)
            if element.attached_to is not None:
                self._attached[element.attached_to].append(element)

    def joins_neighbours(self, flow: Flow) -> bool:
        """Whether the flow joins two elements that lie directly in the same holder."""
        source, target = self.elements.get(flow.source), self.elements.get(flow.target)
        return source is not None and target is not None and source.process == target.process

    def outgoing(self, element_id: str) -> list[Flow]:
        """Flows that leave an element, in document order."""
        return self._outgoing.get(element_id, [])

    def incoming(self, element_id: str) -> list[Flow]:
        """Flows that lead to an element, in document order."""
        return self._incoming.get(element_id, [])

    def attached(self, element_id: str) -> list[Element]:
        """Boundary events of an activity."""
        return self._attached.get(element_id, [])

    def inside(self, holder: str) -> list[Element]:
        """Elements directly in a process or sub-process."""
        return self._inside.get(holder, [])

    def followers(self, element_id: str) -> list[str]:
        """The next places of a token: behind the flows, at boundary events, and at the handlers of
        compensation events."""
        behind = [flow.target for flow in self.outgoing(element_id)]
        handler = self.elements[element_id].handler
        behind += [handler] if handler else []
        return behind + [event.id for event in self.attached(element_id)]

    def reachable(self, starts: Iterable[str]) -> set[str]:
        """All elements that a token from `starts` may reach, `starts` included."""
        return self.reach_further(starts, set())

    def reach_further(self, starts: Iterable[str], seen: set[str]) -> set[str]:
        """The same without the elements already `seen`, to which the result is added: many walks
        over one graph cost as much as one."""
        found = set(starts) - seen
        open_ends = list(found)
        seen |= found
        while open_ends:
            fresh = [node for node in self.followers(open_ends.pop()) if node not in seen]
            found.update(fresh)
            seen.update(fresh)
            open_ends += fresh
        return found

    def all_inside(self, holder: str) -> list[Element]:
        """Elements in a holder and in everything inside; with a repeated id a holder may contain
        itself."""
        found: dict[str, Element] = {}
        open_ends = [holder]
        while open_ends:
            fresh = [one for one in self.inside(open_ends.pop()) if one.id not in found]
            found.update((one.id, one) for one in fresh)
            open_ends += [one.id for one in fresh]
        return list(found.values())

    def holders_of(self, element: Element) -> list[Element]:
        """The sub-processes around an element, innermost first; with a repeated id an element may
        contain itself."""
        found: dict[str, Element] = {}
        holder = self.elements.get(element.process)
        while holder is not None and holder.id not in found:
            found[holder.id] = holder
            holder = self.elements.get(holder.process)
        return list(found.values())


MAX_CIRCLES = 20
"""Number of circles in a report: an author with twenty of them will draw anew."""


def circles(nodes: Iterable[str], followers: Callable[[str], Iterable[str]]) -> list[list[str]]:
    """One circle of each knot of circles among `nodes`, as the ids along it.

    First, nodes without a way in or out are removed from both ends. Then each remaining part is
    walked forward until a node repeats.
    """
    found: list[list[str]] = []
    rest = _peeled(set(nodes), followers)
    while rest and len(found) < MAX_CIRCLES:
        path = _walk(min(rest), rest, followers)
        found.append(path)
        knot = _both_ways(path[0], rest, followers)
        rest = _peeled(rest - knot, followers)
    return found


def _peeled(nodes: set[str], followers: Callable[[str], Iterable[str]]) -> set[str]:
    """`nodes` without those that no circle passes (repeatedly: those without a follower)."""
    remaining = {node: {f for f in followers(node) if f in nodes} for node in nodes}
    sources: dict[str, list[str]] = defaultdict(list)
    for node, targets in remaining.items():
        for target in targets:
            sources[target].append(node)
    leaves = [node for node, targets in remaining.items() if not targets]
    while leaves:
        leaf = leaves.pop()
        del remaining[leaf]
        for source in sources[leaf]:
            if source in remaining:
                remaining[source].discard(leaf)
                if not remaining[source]:
                    leaves.append(source)
    return set(remaining)


def _walk(start: str, nodes: set[str], followers: Callable[[str], Iterable[str]]) -> list[str]:
    path, place = [start], {start: 0}
    while True:
        following = min(node for node in followers(path[-1]) if node in nodes)
        if following in place:
            return path[place[following] :]
        place[following] = len(path)
        path.append(following)


def _both_ways(start: str, nodes: set[str], followers: Callable[[str], Iterable[str]]) -> set[str]:
    """The knot of `start`: the nodes that it reaches and that reach it."""
    sources: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for follower in followers(node):
            sources[follower].append(node)
    ahead = _spread(start, nodes, followers)
    return ahead & _spread(start, nodes, lambda node: sources[node])


def _spread(start: str, nodes: set[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    found, open_ends = {start}, [start]
    while open_ends:
        for node in step(open_ends.pop()):
            if node in nodes and node not in found:
                found.add(node)
                open_ends.append(node)
    return found
