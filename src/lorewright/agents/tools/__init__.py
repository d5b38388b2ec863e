"""Tools that need no domain: arithmetic, dates, tables, working files, the web, a sandbox."""
