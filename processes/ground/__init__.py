"""What every room stands on: pages of lists, sentences, spans of time, payloads of jobs."""
