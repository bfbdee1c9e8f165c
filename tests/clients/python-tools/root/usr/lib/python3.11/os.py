# the landmark of the standard library
