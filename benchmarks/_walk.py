"""Random requests of a schema: right, at the edge, hostile, garbled. For ``fuzz`` and ``soak``."""

import json
import random
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

HOSTILE: Final = (
    "",
    " ",
    "' OR 1=1 --",
    "}) DETACH DELETE (n) //",
    '"; DROP TABLE papers; --',
    "\\u0000",
    "\\ud800",
    "*" * 40,
    "%_%",
    'NEAR("a" "b")',
    "../../etc/passwd",
    "$where",
    "𝕊𝔻",
    "a" * 5000,
    "-1",
    "NaN",
    "id:",
    "id:id:sdturbo",
)
KNOWN: Final = (
    "SD-Turbo",
    "sd turbo",
    "id:sdturbo",
    "demo-001",
    "demo-002",
    "LoRA",
    "FID",
    "nothing",
)
NUMBERS: Final = (0, 1, 2, 5, 100, 101, -1, 2**31 - 1, 2**31, 10**20)
DAYS: Final = ("2024-05-01", "0001-01-01", "9999-12-31", "2024-02-30", "soon", "")
GARBLE: Final = '{}()[]$!:@"\\#&|=,. \n\u2028\x00'


@dataclass
class Walk:
    """Makes requests of a schema.

    Attributes:
        schema: what is walked.
        dice: chooses.
        cursors: that answers have held; some are asked with.
    """

    schema: GraphQLSchema
    dice: random.Random
    cursors: list[str] = field(default_factory=lambda: ["WyJJRCJd"])
    _variables: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """The body of one request."""
        dice, self._variables = self.dice, {}
        kind = dice.choices(("query", "mutation", "subscription"), (88, 10, 2))[0]
        root = getattr(self.schema, f"{kind}_type")
        selection = self._selection(root, dice.randint(1, 7))
        declared = ", ".join(f"${name}: {type}" for name, (type, _) in self._variables.items())
        text = f"{kind} Q{f'({declared})' if declared else ''} {selection}"
        if dice.random() < 0.1:
            text = self._garbled(text)
        body: dict[str, Any] = {
            "query": text,
            "variables": {name: value for name, (_, value) in self._variables.items()},
        }
        if dice.random() < 0.05:
            body[dice.choice(("operationName", "variables", "extensions"))] = dice.choice(
                (None, "Q", "R", {}, [], 7, {"persistedQuery": {"version": 1, "sha256Hash": "0"}})
            )
        return body

    def _selection(self, on: Any, depth: int) -> str:
        dice = self.dice
        if isinstance(on, GraphQLUnionType):
            inner = dice.choice(on.types)
            return f"{{__typename ... on {inner.name} {self._selection(inner, depth - 1)}}}"
        fields = [
            (name, entry)
            for name, entry in on.fields.items()
            if depth > 0 or is_leaf_type(get_named_type(entry.type))
        ]
        chosen = dice.sample(fields, min(len(fields), dice.randint(1, 3)))
        parts = [self._field(name, entry, depth) for name, entry in chosen]
        if dice.random() < 0.15 or not parts:
            parts.append("__typename")
        if isinstance(on, GraphQLInterfaceType) and depth > 0:
            inner = dice.choice(self.schema.get_possible_types(on))
            parts.append(f"... on {inner.name} {self._selection(inner, depth - 1)}")
        if isinstance(on, GraphQLObjectType) and dice.random() < 0.05 and depth > 0:
            parts.append(f"... on {on.name} {self._selection(on, depth - 1)}")
        return "{" + " ".join(parts) + "}"

    def _field(self, name: str, entry: Any, depth: int) -> str:
        dice = self.dice
        text = f"a{dice.randint(0, 9)}: {name}" if dice.random() < 0.1 else name
        given = [
            f"{argument}: {self._value(wanted)}"
            for argument, wanted in entry.args.items()
            if is_required_argument(wanted) or dice.random() < 0.4
        ]
        text += f"({', '.join(given)})" if given else ""
        if dice.random() < 0.05:
            text += f" @{dice.choice(('skip', 'include'))}(if: {self._of(bool)})"
        inner = get_named_type(entry.type)
        return text if is_leaf_type(inner) else f"{text} {self._selection(inner, depth - 1)}"

    def _value(self, wanted: GraphQLArgument | GraphQLInputField) -> str:
        if self.dice.random() < 0.15 and not is_input_object_type(get_named_type(wanted.type)):
            name = f"v{len(self._variables)}"
            self._variables[name] = (str(wanted.type), self._plain(wanted.type))
            return f"${name}"
        return self._literal(wanted.type, 3)

    def _literal(self, type: Any, depth: int) -> str:
        if not is_non_null_type(type) and self.dice.random() < 0.05:
            return "null"
        type = get_nullable_type(type)
        if is_list_type(type):
            count = self.dice.choice((0, 1, 1, 2, 3))
            return f"[{', '.join(self._literal(type.of_type, depth) for _ in range(count))}]"
        if isinstance(type, GraphQLInputObjectType):
            parts = [
                f"{name}: {self._literal(entry.type, depth - 1)}"
                for name, entry in type.fields.items()
                if is_required_input_field(entry)
                or (depth > 0 and self.dice.random() < 2 / len(type.fields))
            ]
            return "{" + ", ".join(parts) + "}"
        value = self._scalar(type)
        if isinstance(type, GraphQLEnumType):
            return str(value)
        return json.dumps(value) if "\\u" not in str(value) else f'"{value}"'

    def _plain(self, type: Any) -> Any:
        type = get_nullable_type(type)
        if is_list_type(type):
            return [self._plain(type.of_type) for _ in range(self.dice.randint(0, 2))]
        return self._scalar(type)

    def _scalar(self, type: Any) -> Any:
        dice = self.dice
        if isinstance(type, GraphQLEnumType):
            return dice.choice([*type.values, "NO_SUCH"])
        if dice.random() < 0.03:
            return dice.choice((True, 1.5, "7", 10**30))
        if type.name == "Boolean":
            return dice.random() < 0.5
        if type.name == "Int":
            return dice.choice(NUMBERS)
        if type.name == "Float":
            return dice.choice((0, 0.5, 1, -1, 1e308, 2))
        if type.name in ("Date", "DateTime"):
            return dice.choice(DAYS)
        return dice.choice(dice.choice((KNOWN, HOSTILE, self.cursors)))

    def _of(self, _: type[bool]) -> str:
        return self.dice.choice(("true", "false"))

    def _garbled(self, text: str) -> str:
        dice, at = self.dice, self.dice.randrange(len(text))
        return dice.choice(
            (
                text[:at],
                text + text,
                text[:at] + dice.choice(GARBLE) + text[at:],
                text[:at] + text[at + 1 :],
                "{" * dice.randint(1, 300) + text,
            )
        )
