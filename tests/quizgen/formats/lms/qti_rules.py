"""QTI's response processing, written again from the specification: only what the items use, and null as it says."""

from lxml import etree

NUMBERS = {"float", "integer"}
OPERATORS = {
    "sum": lambda *terms: sum(terms),
    "product": lambda one, other: one * other,
    "divide": lambda one, other: one / other,
    "lt": lambda one, other: one < other,
    "gte": lambda one, other: one >= other,
    "lte": lambda one, other: one <= other,
    "match": lambda one, other: one == other,
    "member": lambda one, many: one in many,
}


def name(element):
    """Return an element's name as QTI 2.1 spells it."""
    local = etree.QName(element).localname.removeprefix("qti-")
    first, *rest = local.split("-")
    return first + "".join(part.capitalize() for part in rest)


def attribute(element, wanted):
    """Return an attribute by its QTI 2.1 name."""
    kebab = "".join(f"-{c.lower()}" if c.isupper() else c for c in wanted)
    return element.get(wanted) or element.get(kebab)


class Session:
    """One item with one response, scored."""

    def __init__(self, item, entered):
        self.values, self.kinds, self.correct = {}, {}, {}
        declared = [e for e in item if name(e) == "responseDeclaration"]
        for declaration in declared:
            self._declare(declaration)
        for identifier, value in _responses(declared, entered).items():
            self.values[identifier] = value
        for outcome in (e for e in item if name(e) == "outcomeDeclaration"):
            self.values[outcome.get("identifier")] = float(outcome[0][0].text)
        for rule in next(e for e in item if name(e) == "responseProcessing"):
            self._run(rule)

    @property
    def score(self):
        return self.values["SCORE"]

    def _declare(self, declaration):
        identifier = declaration.get("identifier")
        kind, cardinality = attribute(declaration, "baseType"), declaration.get("cardinality")
        values = [_cast(v.text, kind) for correct in declaration for v in correct]
        self.correct[identifier] = values[0] if cardinality == "single" else _container(values, cardinality)
        self.values[identifier] = None

    def _run(self, rule):
        if name(rule) == "setOutcomeValue":
            self.values[rule.get("identifier")] = self._value(rule[0])
            return
        assert name(rule) == "responseCondition"
        (branch,) = rule
        assert name(branch) == "responseIf"
        test, *rules = branch
        if self._value(test) is True:
            for inner in rules:
                self._run(inner)

    def _value(self, expression):
        parts = list(expression)
        match name(expression):
            case "variable":
                return self.values[expression.get("identifier")]
            case "correct":
                return self.correct[expression.get("identifier")]
            case "baseValue":
                return _cast(expression.text, attribute(expression, "baseType"))
        found = [self._value(part) for part in parts]
        if name(expression) == "and":
            return False if False in found else None if None in found else True
        if None in found:
            return None
        return _operate(name(expression), found)


def _operate(operator, found):
    return OPERATORS[operator](*found)


def _cast(text, kind):
    if kind in NUMBERS:
        return float(text)
    return tuple(text.split()) if kind == "directedPair" else text


def _container(values, cardinality):
    return tuple(values) if cardinality == "ordered" else frozenset(values)


def _responses(declared, entered):
    """Give every declared response its value; nothing entered is null."""
    if attribute(declared[0], "baseType") == "float":
        texts = zip(declared, entered, strict=True)
        return {d.get("identifier"): float(text) if text else None for d, text in texts}
    (declaration,) = declared
    kind, cardinality = attribute(declaration, "baseType"), declaration.get("cardinality")
    letters = [(f"R{at}", e) for at, e in enumerate(entered, start=1)] if kind == "directedPair" else list(entered)
    value = letters[0] if cardinality == "single" and letters else _container(letters, cardinality)
    return {declaration.get("identifier"): value if entered else None}
