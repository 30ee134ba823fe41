"""What the engines need of their surroundings."""
