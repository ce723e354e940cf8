"""Makes the fonts of printed documents (data/fonts) from the font that pages use: static weights, one file each, upright
and slanted (the family has no italic of its own).

Needs fonttools and brotli (PyPI) and the front end's node_modules.
"""
import math
import os
import tempfile

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = os.path.join(os.path.dirname(__file__), '../..')
FAMILY = os.path.join(ROOT, 'frontend/node_modules/@fontsource-variable/bricolage-grotesque')
TARGET = os.path.join(ROOT, 'data/fonts')
WEIGHTS = {'Regular': 400, 'Bold': 700}
SLANT = 10


def slant(font):
    """Slants every glyph, as typographers draw the italic of a grotesque."""
    lean = math.tan(math.radians(SLANT))
    glyphs = font['glyf']
    for name in font.getGlyphOrder():
        glyph = glyphs[name]
        if glyph.isComposite():
            # Parts are slanted already: only their places move. None of them is scaled.
            for part in glyph.components:
                assert not hasattr(part, 'transform'), name
                part.x += round(part.y * lean)
        elif glyph.numberOfContours > 0:
            glyph.coordinates.transform(((1, 0), (lean, 1)))
            glyph.coordinates.toInt()
    for name in font.getGlyphOrder():
        glyphs[name].recalcBounds(glyphs)
        advance, _ = font['hmtx'][name]
        font['hmtx'][name] = (advance, getattr(glyphs[name], 'xMin', 0))
    font['post'].italicAngle = -SLANT


def label(font, style, weight):
    """Says in the font what it is."""
    text = {1: 'Bricolage Grotesque', 2: style, 4: f'Bricolage Grotesque {style}', 6: f'BricolageGrotesque-{style.replace(" ", "")}'}
    for record in font['name'].names:
        if record.nameID in text:
            record.string = text[record.nameID]
    font['name'].names = [record for record in font['name'].names if record.nameID in (0, 1, 2, 3, 4, 5, 6, 13, 14)]
    bold, slanted = weight == 700, 'Italic' in style
    font['OS/2'].usWeightClass = weight
    kind = (0x20 if bold else 0) | (0x01 if slanted else 0)
    font['OS/2'].fsSelection = (font['OS/2'].fsSelection & ~0x61) | (kind or 0x40)
    font['head'].macStyle = (1 if bold else 0) | (2 if slanted else 0)

for name, weight in WEIGHTS.items():
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in ['latin', 'latin-ext']:
            font = TTFont(os.path.join(FAMILY, f'files/bricolage-grotesque-{subset}-opsz-normal.woff2'))
            axes = {axis.axisTag: axis.defaultValue for axis in font['fvar'].axes}
            axes |= {'wght': weight, 'opsz': 14}
            font = instancer.instantiateVariableFont(font, axes, updateFontNames=False)
            for tag in ['STAT', 'HVAR', 'MVAR', 'avar', 'DSIG']:
                if tag in font:
                    del font[tag]
            font.flavor = None
            part = os.path.join(folder, f'{subset}.ttf')
            font.save(part)
            parts.append(part)
        font = Merger().merge(parts)
        label(font, name, weight)
        font.save(os.path.join(TARGET, f'bricolage-{name.lower()}.ttf'))
        slant(font)
        label(font, 'Italic' if weight == 400 else 'Bold Italic', weight)
        font.save(os.path.join(TARGET, f'bricolage-{name.lower()}-italic.ttf'))
