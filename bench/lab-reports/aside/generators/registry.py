"""The decorator that names a design."""
DESIGNS = {}


def design(layout, generator, language, ext="pdf"):
    """Registers `fn(rng, out, **options) -> Report`, which writes its file to `out`."""
    def mark(fn):
        DESIGNS[fn.__name__] = (fn, layout, generator, language, ext)
        return fn
    return mark
