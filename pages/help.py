"""Help: the methods with formulas and sources, every option, and the glossary."""

from core.ui.help.help_body import show_help
from core.ui.shared.frame import page

with page("Help", "Methods with their formulas and sources, every setting and option, and a glossary."):
    show_help()
