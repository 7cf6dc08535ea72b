"""Replays an operation through real parts: two node processes, simulated devices, a scenario from data."""
