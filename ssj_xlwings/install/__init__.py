"""Getting the program onto a PC without internet or admin rights, and saying what such a PC lacks."""
