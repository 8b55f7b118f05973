import fc from 'fast-check';

/** Any character, those of ASCII as often as all others, and halves of surrogate pairs. The unit `binary` takes seconds to set up. */
export const anyCharacter = fc
  .oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

/** Any text, of whatever characters. */
export const anyText = fc.string({ unit: anyCharacter });
