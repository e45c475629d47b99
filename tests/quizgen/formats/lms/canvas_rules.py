"""Canvas's own grading, written again: what the questions of one quiz give for a response."""

from lxml import etree

NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def questions(content):
    """Return the items of a quiz in order."""
    return etree.fromstring(content).findall(".//q:item", NS)


def field(item, label):
    """Return one of an item's metadata."""
    for entry in item.iterfind(".//q:qtimetadatafield", NS):
        if entry.findtext("q:fieldlabel", namespaces=NS) == label:
            return entry.findtext("q:fieldentry", namespaces=NS)
    return None


def earned(items, entered):
    """Return points earned by a response to the items of one variant, and the points possible."""
    asked = [i for i in items if field(i, "question_type") != "text_only_question"]
    possible = sum(float(field(i, "points_possible")) for i in asked)
    if field(asked[0], "question_type") == "numerical_question":
        shares = [_number(i, text) for i, text in zip(asked, entered, strict=True)]
        return sum(s * float(field(i, "points_possible")) for s, i in zip(shares, asked, strict=True)), possible
    (item,) = asked
    return _chosen(item, entered) * possible, possible


def _number(item, text):
    low = float(item.findtext(".//q:vargte", namespaces=NS))
    high = float(item.findtext(".//q:varlte", namespaces=NS))
    assert low <= float(item.findtext(".//q:varequal", namespaces=NS)) <= high
    return float(bool(text) and low <= float(text) <= high)


def _chosen(item, entered):
    match field(item, "question_type"):
        case "multiple_choice_question":
            return float(list(entered) == [item.findtext(".//q:varequal", namespaces=NS)])
        case "multiple_answers_question":
            return _several(item, entered)
        case "matching_question":
            return _matched(item, entered)
    raise AssertionError(field(item, "question_type"))


def _several(item, entered):
    """Right ticks earn a share each, wrong ones cost one, and nothing falls below zero: Canvas's rule."""
    wrong = {e.text for e in item.iterfind(".//q:not/q:varequal", NS)}
    right = {e.text for e in item.iterfind(".//q:varequal", NS)} - wrong
    ticked = set(entered)
    return max(0, len(ticked & right) - len(ticked & wrong)) / len(right)


def _matched(item, entered):
    total = 0.0
    for condition in item.iterfind(".//q:respcondition", NS):
        equal = condition.find("q:conditionvar/q:varequal", NS)
        row = int(equal.get("respident").removeprefix("response_"))
        if len(entered) >= row and entered[row - 1] == equal.text:
            total += float(condition.findtext("q:setvar", namespaces=NS)) / 100
    return total
