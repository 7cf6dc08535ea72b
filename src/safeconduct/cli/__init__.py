"""The command line: one file per command, one way to speak to people, `--json` everywhere."""
