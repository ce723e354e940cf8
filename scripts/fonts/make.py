"""Makes the fonts of printed documents (data/fonts) from the font that pages use: static weights, one file each.

Needs fonttools and brotli (PyPI) and the front end's node_modules.
"""
import os
import tempfile

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = os.path.join(os.path.dirname(__file__), '../..')
FAMILY = os.path.join(ROOT, 'frontend/node_modules/@fontsource-variable/bricolage-grotesque')
TARGET = os.path.join(ROOT, 'data/fonts')
WEIGHTS = {'Regular': 400, 'Bold': 700}

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
        for record in font['name'].names:
            text = {1: 'Bricolage Grotesque', 2: name, 4: f'Bricolage Grotesque {name}', 6: f'BricolageGrotesque-{name}'}
            if record.nameID in text:
                record.string = text[record.nameID]
        font['name'].names = [record for record in font['name'].names if record.nameID in (0, 1, 2, 3, 4, 5, 6, 13, 14)]
        font['OS/2'].usWeightClass = weight
        font['OS/2'].fsSelection = (font['OS/2'].fsSelection & ~0x61) | (0x20 if weight == 700 else 0x40)
        font['head'].macStyle = 1 if weight == 700 else 0
        font.save(os.path.join(TARGET, f'bricolage-{name.lower()}.ttf'))
