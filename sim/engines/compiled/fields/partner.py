"""What falls due with partners, numbered as in rule 1.3."""

STRATEGY, MINUTES, INTERVIEW, OUTSIDE, PROMPT, HISTORY, SENT_ON, ANSWER = range(8)
