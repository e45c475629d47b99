"""What all tests share."""

from hypothesis import settings

# Speed is measured by bench/, not by tests: an example may take as long as a busy machine makes it.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")
