"""What the points of Explore's map are coloured by."""
