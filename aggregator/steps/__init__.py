"""What each step of pipeline.py does between the web, the rules and the store. Only pipeline.py knows their order."""
