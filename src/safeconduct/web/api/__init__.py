"""The node's HTTP interface: operators, devices, the partner, and the pages' routes."""
