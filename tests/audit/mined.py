"""Run by the interpreter that has pm4py: reads an event log and tells what it found, as JSON."""

from __future__ import annotations

import json
import sys

import pm4py

log = pm4py.read_xes(sys.argv[1])
graph, starts, ends = pm4py.discover_dfg(log)
told = {
    "cases": int(log["case:concept:name"].nunique()),
    "events": len(log),
    "activities": sorted(log["concept:name"].unique()),
    "transitions": sorted(log["lifecycle:transition"].unique()),
    "starts": sorted(starts),
    "ends": sorted(ends),
    "first": log["time:timestamp"].min().isoformat(),
    "titles": sorted(log["case:sangkan:title"].unique()),
    "groups": sorted(log["org:group"].dropna().unique()),
}
sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
