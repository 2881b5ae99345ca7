"""How a flow waits: BPMN's vocabulary in Python, deterministic replay over the ledger, and Prefect as the runner."""
