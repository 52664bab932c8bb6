"""What the operator needs to see and do."""
