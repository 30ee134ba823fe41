"""The way into libparquetframe: finding and loading it, handles, Arrow data in and out, errors.

Two loaders, cffi and ctypes, give the same thing (`library.Library`): functions that take and return plain
Python numbers, bytes and addresses. Everything above is written once. Arrow structs live in ctypes memory
under both loaders, because capsules are made and read through `ctypes.pythonapi` either way.
"""
