"""Who may come in: users, groups, keys, logins, OpenID, what they used."""
