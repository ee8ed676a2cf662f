"""Reads an exposition, in the flavour that the first argument names, and prints its samples as JSON."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

PARSERS = {"openmetrics": openmetrics, "prometheus": prometheus}


def exemplar(sample):
    """The labels, the value and the time of a sample's exemplar."""
    if sample.exemplar is None:
        return None
    found = sample.exemplar
    return [found.labels, repr(found.value), str(found.timestamp)]


parse = PARSERS[sys.argv[1]]
# Bytes, so that Python's universal newlines do not change what is judged.
body = sys.stdin.buffer.read().decode("utf-8")
try:
    samples = [
        [family.name, family.type, sample.name, sample.labels, repr(sample.value), exemplar(sample)]
        for family in parse(body)
        for sample in family.samples
    ]
except Exception as refusal:  # The parsers raise more than their documented ValueError.
    sys.exit(f"{type(refusal).__name__}: {refusal}")
json.dump(samples, sys.stdout)
