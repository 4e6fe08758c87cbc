"""``python -m api.graphql.generate_client``: make the client of its operations and the schema.

Every selection becomes a ``TypedDict``, every fragment one that selections share, every operation
a method of ``Client`` and of ``AsyncClient`` that returns the operation's only field.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    is_required_input_field,
    parse,
    type_from_ast,
    validate,
)

CLIENT: Final = Path(__file__).parents[1] / "client"
OUTPUT: Final = CLIENT / "generated.py"
SCALARS: Final = {
    "ID": "str", "String": "str", "Date": "str", "DateTime": "str", "Int": "int",
    "Float": "float", "Boolean": "bool",
}  # fmt: skip
_HEAD: Final = '''"""Made of ``operations.graphql`` by ``python -m api.graphql.generate_client``."""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from api.client.transport import AsyncTransport, Transport
'''


class Generator:
    """Python of one document of operations."""

    def __init__(self, schema: GraphQLSchema, source: str) -> None:
        document = parse(source)
        problems = validate(schema, document)
        if problems:
            raise ValueError("\n".join(map(str, problems)))
        self._schema, self._source = schema, source
        self._fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._operations = [
            d for d in document.definitions if isinstance(d, OperationDefinitionNode)
        ]
        self._types: list[str] = []
        self._enums: dict[str, GraphQLEnumType] = {}
        self._inputs: dict[str, list[str]] = {}

    def module(self) -> str:
        """The whole module, not yet laid out."""
        for name, fragment in self._fragments.items():
            on = self._schema.get_type(fragment.type_condition.name.value)
            assert isinstance(on, GraphQLObjectType)
            self._class(name, on, fragment.selection_set)
        blocking, awaiting = [], []
        for operation in self._operations:
            body = list(self._method(operation))
            blocking += body
            awaiting += [
                line.replace("    def ", "    async def ").replace("self._ask", "await self._ask")
                for line in body
            ]
        enums = [
            f"{name}: TypeAlias = Literal[{', '.join(repr(v) for v in enum.values)}]"
            for name, enum in sorted(self._enums.items())
        ]
        inputs = [line for lines in self._inputs.values() for line in lines]
        fragments = [
            f'_{n.upper()} = """\n{self._text(f)}\n"""' for n, f in self._fragments.items()
        ]
        documents = [
            "DOCUMENTS = {",
            *(f'    "{o.name.value}": {self._document(o)},' for o in self._operations if o.name),
            "}",
            '"""The text of each operation, by its name."""\n',
        ]
        parts = [
            _HEAD, *enums, *inputs, *self._types, *fragments, *documents,
            'class Client(Transport):\n    """Asks a server and waits for its answers."""\n',
            *blocking,
            'class AsyncClient(AsyncTransport):\n    """Asks a server and awaits its answers."""\n',
            *awaiting,
        ]  # fmt: skip
        return "\n".join(parts) + "\n"

    def _method(self, operation: OperationDefinitionNode) -> Iterator[str]:
        assert operation.name is not None
        name = operation.name.value
        root = self._schema.get_root_type(operation.operation)
        (field,) = operation.selection_set.selections
        assert root is not None
        assert isinstance(field, FieldNode)
        result = self._type(root.fields[field.name.value].type, _pascal(name), field.selection_set)
        variables = []
        for v in operation.variable_definitions or ():
            kind = type_from_ast(self._schema, v.type)
            needed = isinstance(kind, GraphQLNonNull) and v.default_value is None
            python = self._input(kind)
            if not needed:
                python = python.removesuffix(" | None") + " | None = None"
            variables.append((needed, v.variable.name.value, python))
        variables.sort(key=lambda v: not v[0])
        arguments = "".join(f", {_argument(n)}: {t}" for _, n, t in variables)
        given = ", ".join(f'"{n}": {_argument(n)}' for _, n, _ in variables)
        star = ", *" if variables else ""
        yield f"    def {_snake(name)}(self{star}{arguments}) -> {result}:"
        yield f'        """{self._comment(operation)}"""'
        yield f"        data = self._ask(DOCUMENTS['{name}'], {{{given}}})"
        yield f'        return cast("{result}", data["{_response(field)}"])'
        yield ""

    def _comment(self, operation: OperationDefinitionNode) -> str:
        """The comment above an operation."""
        assert operation.loc is not None
        above = self._source[: operation.loc.start].rstrip().splitlines()
        lines = []
        while above and above[-1].startswith("#"):
            lines.append(above.pop().lstrip("# "))
        return "\n        ".join(reversed(lines))

    def _text(self, node: Node) -> str:
        assert node.loc is not None
        return self._source[node.loc.start : node.loc.end]

    def _document(self, operation: OperationDefinitionNode) -> str:
        """An operation with the fragments that it needs, as an expression."""
        wanted: dict[str, None] = {}

        def walk(selections: SelectionSetNode | None) -> None:
            for s in selections.selections if selections else ():
                if isinstance(s, FragmentSpreadNode) and s.name.value not in wanted:
                    wanted[s.name.value] = None
                    walk(self._fragments[s.name.value].selection_set)
                elif isinstance(s, FieldNode | InlineFragmentNode):
                    walk(s.selection_set)

        walk(operation.selection_set)
        return " + ".join([f'"""{self._text(operation)}\n"""', *(f"_{n.upper()}" for n in wanted)])

    def _class(self, name: str, on: GraphQLObjectType, selections: SelectionSetNode) -> str:
        """The TypedDict of a selection on a type; a lone fragment's own."""
        spreads = [s.name.value for s in selections.selections if isinstance(s, FragmentSpreadNode)]
        fields = [s for s in selections.selections if isinstance(s, FieldNode)]
        if len(spreads) == 1 and not fields:
            return spreads[0]
        lines = [f"class {name}({', '.join(spreads) or 'TypedDict'}):"]
        lines.append(f'    """Of {_article(on.name)}."""')
        for field in fields:
            if field.name.value == "__typename":
                lines.append(f'    {_response(field)}: Literal["{on.name}"]')
                continue
            nested = name + _pascal(_response(field))
            kind = on.fields[field.name.value].type
            lines.append(f"    {_response(field)}: {self._type(kind, nested, field.selection_set)}")
        self._types.append("\n".join(lines) + "\n")
        return name

    def _type(self, kind: object, name: str, selections: SelectionSetNode | None) -> str:
        """Python's type of an output type."""
        if isinstance(kind, GraphQLNonNull):
            return self._type(kind.of_type, name, selections).removesuffix(" | None")
        if isinstance(kind, GraphQLList):
            return f"list[{self._type(kind.of_type, name, selections)}] | None"
        if isinstance(kind, GraphQLInterfaceType):
            assert selections is not None
            members = [self._member(name, s) for s in selections.selections]
            return f"{' | '.join(members)} | None"
        if isinstance(kind, GraphQLObjectType):
            assert selections is not None
            return f"{self._class(name, kind, selections)} | None"
        return f"{self._leaf(kind)} | None"

    def _member(self, name: str, selection: object) -> str:
        assert isinstance(selection, InlineFragmentNode)
        assert selection.type_condition is not None
        on = self._schema.get_type(selection.type_condition.name.value)
        assert isinstance(on, GraphQLObjectType)
        return self._class(name + on.name, on, selection.selection_set)

    def _input(self, kind: object) -> str:
        """Python's type of an input type."""
        if isinstance(kind, GraphQLNonNull):
            return self._input(kind.of_type).removesuffix(" | None")
        if isinstance(kind, GraphQLList):
            return f"list[{self._input(kind.of_type)}] | None"
        if isinstance(kind, GraphQLInputObjectType):
            self._input_class(kind)
            return f"{kind.name} | None"
        return f"{self._leaf(kind)} | None"

    def _input_class(self, kind: GraphQLInputObjectType) -> None:
        if kind.name in self._inputs:
            return
        self._inputs[kind.name] = []  # a filter has filters in it
        fields = {}
        for name, field in kind.fields.items():
            python = self._input(field.type)
            needed = is_required_input_field(field)
            fields[name] = python if needed else f'NotRequired["{python}"]'
        if any(map(iskeyword, fields)):
            pairs = [f'    "{name}": {python},' for name, python in fields.items()]
            self._inputs[kind.name] = [f'{kind.name} = TypedDict("{kind.name}", {{', *pairs, "})"]
            return
        lines = [f"    {name}: {python}" for name, python in fields.items()]
        doc = f'    """{_article(kind.name)[0].upper()}{_article(kind.name)[1:]}."""'
        self._inputs[kind.name] = [f"class {kind.name}(TypedDict):", doc, *lines]

    def _leaf(self, kind: object) -> str:
        if isinstance(kind, GraphQLEnumType):
            self._enums[kind.name] = kind
            return kind.name
        return SCALARS[str(kind)]


def _response(field: FieldNode) -> str:
    return (field.alias or field.name).value


def _argument(name: str) -> str:
    """A variable as an argument: ``from`` is a word of Python's own."""
    python = _snake(name)
    return f"{python}_" if python == "from" else python


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def generated() -> str:
    """The module as it should be."""
    schema = build_schema(Path(__file__).with_name("schema.graphql").read_text("utf-8"))
    module = Generator(schema, (CLIENT / "operations.graphql").read_text("utf-8")).module()
    for step in (["check", "--quiet", "--fix", "--select", "F401,I"], ["format", "--quiet"]):
        module = _ruff([*step, "--stdin-filename", str(OUTPUT), "-"], module)
    return module


def _ruff(arguments: Sequence[str], text: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own arguments)
        [sys.executable, "-m", "ruff", *arguments], input=text, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    OUTPUT.write_text(generated(), "utf-8")
