"""What an auditor asks of the ledger: is this what happened, who knew what when, and can it be shown elsewhere?"""
