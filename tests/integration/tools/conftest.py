"""A tool server in a process of its own."""

from tests.fixtures.processes import desk as desk
from tests.fixtures.processes import desk_url as desk_url
