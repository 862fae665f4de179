"""
The tags of the package heroicons, each icon drawn once: a list shows the same dozen hundreds of times, and the package
copies and writes its XML anew each time. The settings put this library in the place of the package's own.
"""

from functools import lru_cache

from django import template
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_mini, heroicon_outline, heroicon_solid

register = template.Library()
# Icons times sizes; only templates name them.
MOST = 500

for draw in (heroicon_micro, heroicon_mini, heroicon_outline, heroicon_solid):
    register.simple_tag(lru_cache(maxsize=MOST)(draw), name=draw.__name__)
