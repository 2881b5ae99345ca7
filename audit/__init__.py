"""What an auditor asks: is this what happened, was it what is approved, who knew what when, can it be shown elsewhere?"""
