-- The version of the last write. Returns it.
return { text(version) }
