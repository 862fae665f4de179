"""What a search box looks for and where it stops, as the search functions of the database have it. Pure."""

# Of each kind of match, the newest: more than anybody reads.
MOST_FOUND = 500
# A shorter piece occurs everywhere, and has no trigrams to look it up by.
SHORTEST_PIECE = 4
