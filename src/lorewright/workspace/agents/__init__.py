"""What other programs' agents may do with a domain (MCP)."""
