"""Bad input over HTTP: each case asserts the sentence, what was typed, and the rows."""
