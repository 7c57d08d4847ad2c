"""What the law says, as data and arithmetic: calendar, periods, instruments, rules, procedures.

Nothing here knows Django, a database or the web.
"""
