"""The source of the bundled domain: facts and wording, and the script that writes its pages."""
