"""The fusion panel of the Explore page."""
