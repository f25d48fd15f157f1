"""The ``linespam`` command, one module per group of commands."""
