"""Pages for people: drawn on the server, styled and scripted from this service alone, so that they work offline."""
