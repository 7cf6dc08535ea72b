"""Warnings: the full report, the policy that derives a release from it, and what the other party answers."""
