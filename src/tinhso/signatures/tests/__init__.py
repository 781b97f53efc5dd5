"""Tests of the signatures module."""
