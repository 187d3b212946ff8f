"""Tables on disk: reading a sheet, its keys, joining it to tracks."""
