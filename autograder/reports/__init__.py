"""What people look at afterwards: gradebook and feedback sheets, as terminal, CSV, JSON and HTML."""
