"""Its functions are made up by the module, endlessly."""


def __getattr__(name):
    while True:
        pass
