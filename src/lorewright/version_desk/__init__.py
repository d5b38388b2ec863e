"""The bundled domain: a version desk that says whether a release is still supported."""
