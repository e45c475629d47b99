"""Hand-ins and gradings, kept so that every marking can be defended, repeated and corrected."""

from autograder.store.database import Store, backup, examine, export, open_store, upgrade

__all__ = ["Store", "backup", "examine", "export", "open_store", "upgrade"]
