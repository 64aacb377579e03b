"""The fields a template may use, and which of those it names do not exist."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

_LOOP = frozenset({"first", "last", "index", "revindex", "length"})
# What a list yields to a filter stays a list or becomes one of its items.
_ITEM_FILTERS = frozenset({"first", "last"})


@dataclass
class Schema:
    """A field: plain, with fields of its own, or (`item`) a list of them."""

    fields: dict[str, "Schema"] = field(default_factory=dict)
    item: "Schema | None" = None

    @classmethod
    def of(cls, names: Iterable[str]) -> "Schema":
        """Return the schema of dotted names, a list marked by []: "partners[].naam"."""
        root = cls()
        for name in names:
            here = root
            for step in name.split("."):
                here = here.fields.setdefault(step.removesuffix("[]"), cls())
                if step.endswith("[]"):
                    here.item = here.item or cls()
                    here = here.item
        return root

    def unknown(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        """Give line and name of each field that does not exist."""
        yield from self._walk(tree, {})

    def _walk(self, node: nodes.Node, scope: dict[str, "Schema"]) -> Iterator[tuple[int, str]]:
        if isinstance(node, nodes.For):
            yield from self._walk_loop(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            if self._find(node, scope) is None:
                yield node.lineno, _written(node)
        else:
            for child in node.iter_child_nodes():
                yield from self._walk(child, scope)

    def _walk_loop(self, node: nodes.For, scope: dict[str, "Schema"]) -> Iterator[tuple[int, str]]:
        over = self._find(node.iter, scope)
        if over is None or over.item is None or not isinstance(node.target, nodes.Name):
            yield node.lineno, _written(node.iter)
            return
        loop = Schema({name: Schema() for name in _LOOP})
        inner = {**scope, node.target.name: over.item, "loop": loop}
        for child in (*node.body, *node.else_):
            yield from self._walk(child, inner)

    def _find(self, node: nodes.Node, scope: dict[str, "Schema"]) -> "Schema | None":
        if isinstance(node, nodes.Name):
            return scope.get(node.name) or self.fields.get(node.name)
        if isinstance(node, nodes.Getattr):
            parent = self._find(node.node, scope)
            return parent.fields.get(node.attr) if parent else None
        if isinstance(node, nodes.Filter) and node.node is not None:
            parent = self._find(node.node, scope)
            is_item = parent is not None and node.name in _ITEM_FILTERS
            return parent.item if parent and is_item else parent
        return None


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return "…"
