"""Hand-ins and gradings, kept so that every marking can be defended, repeated and corrected."""

from autograder.store.database import Store, open_store, upgrade

__all__ = ["Store", "open_store", "upgrade"]
