"""The gate: the decision on one scan, the device's log of what it decided, and the merge of many logs."""
