"""The parts of `collectors.extract`, one subject a file. Pure: bytes and trees in, plain values out."""
