"""What `autograder doctor` finds out: probes, level, and how to get a higher one."""

from typing import Any

from rich.text import Text

from autograder.sandbox import SandboxRefused, probe
from quizgen.formats.terminal import console


def examine() -> dict[str, Any]:
    """Try every wall, by its effect, on this machine."""
    try:
        level = probe()
    except SandboxRefused as refusal:
        return {"level": 0, "name": str(refusal), "landlock_abi": 0, "probes": []}
    return {
        "level": level.number,
        "name": level.name,
        "landlock_abi": level.landlock_abi,
        "probes": [vars(p) for p in level.probes],
    }


def print_health(health: dict[str, Any]) -> None:
    """Print one line per probe."""
    out = console()
    for found in health["probes"]:
        sign, style = ("✓", "green") if found["holds"] else ("✗", "red")
        out.print(Text(f"{sign} {found['name']}", style=style) + Text(f"  {found['reason']}".rstrip(), style=""))
        if found["remedy"]:
            out.print(Text(f"    {found['remedy']}"))
    out.print(Text(f"level {health['level']}: {health['name']}", style="bold"))
    if not health["level"]:
        out.print(Text("Student code is not run here, unless --unsafe-no-sandbox says that it is trusted."))
