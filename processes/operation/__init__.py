"""What operators run: doctor, upkeep, verification, outbox."""
