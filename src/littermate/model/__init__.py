"""The nouns: frozen records, one file each. No input, no output, no framework.

Times are seconds, lengths centimetres on the arena floor, pictures pixels with the origin in the middle of the
upper left pixel, x to the right and y down. `None` is "missing", never zero.

This package imports nothing by itself, so that code that scores can reach the nouns it may know (`recording`,
`track`, `bout`, `blot`, `plate`, ...) without reaching the nouns that give a group away (`animal`, `treatment`,
`design`, `allocation`, `protocol`).
"""
