"""Reads an exposition, in the flavour that the first argument names, and prints its samples as JSON.

With the flavour `many`, reads a list of pairs of a flavour and an exposition, as JSON, and prints for each its samples,
or what the parser says against it.
"""

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


def samples(flavour, body):
    """The samples of one exposition."""
    return [
        [family.name, family.type, sample.name, sample.labels, repr(sample.value), exemplar(sample)]
        for family in PARSERS[flavour](body)
        for sample in family.samples
    ]


def judged(flavour, body):
    """The samples of one exposition, or why it is refused."""
    try:
        return samples(flavour, body)
    except Exception as refusal:  # The parsers raise more than their documented ValueError.
        return f"{type(refusal).__name__}: {refusal}"


# Bytes, so that Python's universal newlines do not change what is judged.
given = sys.stdin.buffer.read().decode("utf-8")
if sys.argv[1] == "many":
    json.dump([judged(*one) for one in json.loads(given)], sys.stdout)
else:
    answer = judged(sys.argv[1], given)
    if isinstance(answer, str):
        sys.exit(answer)
    json.dump(answer, sys.stdout)
