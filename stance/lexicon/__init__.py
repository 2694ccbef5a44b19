"""Word lists, one entry a line, `#` starts a comment; an analyst may mend them."""
