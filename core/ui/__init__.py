"""What the pages are made of: frame, player, map and widgets. The only part of ``core`` that imports streamlit."""
