"""Benchmark of hostile input: forged requests."""
