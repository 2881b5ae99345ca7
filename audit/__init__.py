"""What an auditor asks: is this what happened and what was approved, who knew what when, can it be shown elsewhere?"""
