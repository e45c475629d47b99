"""The names of the walls, by which the judge and the zygote speak of them."""

NAMESPACES = "namespaces"
LANDLOCK = "landlock"
SECCOMP = "seccomp"
PRIVILEGES = "privileges"
LIMITS = "limits"
USER_NAMESPACE = "user namespace"
STRANGER_USER = "unprivileged user"

ALL = frozenset({NAMESPACES, LANDLOCK, SECCOMP, PRIVILEGES, LIMITS, USER_NAMESPACE, STRANGER_USER})
