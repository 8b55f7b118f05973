import { matching, type PaletteEntry } from './palette-entry';

const entry = (label: string, detail?: string): PaletteEntry => ({
  id: label,
  icon: 'key',
  label,
  target: '/',
  ...(detail !== undefined && { detail }),
});

const labels = (entries: PaletteEntry[]): string[] => entries.map(({ label }) => label);

describe('matching', () => {
  const entries = [entry('New user'), entry('Disable users'), entry('Users'), entry('José', 'support user')];

  it('ranks labels that begin with the text first, then words that do', () => {
    expect(labels(matching(entries, 'user'))).toEqual(['Users', 'New user', 'Disable users', 'José']);
  });

  it('requires all words, in label or detail', () => {
    expect(labels(matching(entries, 'user dis'))).toEqual(['Disable users']);
    expect(labels(matching(entries, 'jose supp'))).toEqual(['José']);
  });

  it('finds the beginnings of words only', () => {
    expect(matching(entries, 'sers')).toEqual([]);
    expect(labels(matching([entry('Audit-Protokoll')], 'proto'))).toEqual(['Audit-Protokoll']);
  });

  it('returns all for an empty text', () => {
    expect(matching(entries, ' ')).toHaveLength(4);
  });
});
