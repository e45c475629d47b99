"""A moment as people read it: in the server's zone, which is the course's."""

from datetime import datetime


def day_and_time(at: datetime | None) -> str:
    """Write a moment to the minute; where there is none, nothing."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at is not None else ""


def clock(at: datetime | None, now: datetime) -> str:
    """Write a moment of today by its time only."""
    if at is None or at.astimezone().date() != now.astimezone().date():
        return day_and_time(at)
    return f"{at.astimezone():%H:%M}"
