"""The forms of web spam as operations on pages; labels and spans come with each of them."""
