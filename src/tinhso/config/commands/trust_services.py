"""``tinhso trust-services``: run the demo's certificate and time-stamp authorities."""
