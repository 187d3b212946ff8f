"""Pages' bodies and widgets; the only part of ``core`` that imports Streamlit."""
