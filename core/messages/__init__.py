"""Sentences for people that pages and the command line share, made from the data that core returns."""
