"""Routes of users, groups, keys, sessions, usage, audit."""
