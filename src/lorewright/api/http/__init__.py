"""The application itself: middleware, who calls, errors, pages, streams, the OpenAPI document."""
