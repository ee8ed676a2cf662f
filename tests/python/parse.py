"""Reads a Prometheus text exposition and prints its samples as JSON."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

# Bytes, so that Python's universal newlines do not change what is judged.
body = sys.stdin.buffer.read().decode("utf-8")
samples = [
    [family.name, family.type, sample.name, sample.labels, repr(sample.value)]
    for family in text_string_to_metric_families(body)
    for sample in family.samples
]
json.dump(samples, sys.stdout)
