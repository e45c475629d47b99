"""What is asked: the fundamentals of deep learning, one file a question."""
