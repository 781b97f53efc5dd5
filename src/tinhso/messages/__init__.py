"""In-box notices, and the mail and SMS that go out beside them."""
