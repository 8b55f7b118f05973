import { describe, expect, it } from '@jest/globals';
import { changedMembers } from './audit.service.js';

const BEFORE = { note: 'a' as string | null, enabled: true, permissions: ['x', 'y'] };

describe('changedMembers', () => {
  it.each<[Partial<typeof BEFORE>]>([
    [{}],
    [{ note: undefined }],
    [{ note: 'a', enabled: true, permissions: ['x', 'y'] }],
  ])('returns undefined for %j, which changes nothing', (after) => {
    expect(changedMembers(BEFORE, after)).toBeUndefined();
  });

  it.each<[Partial<typeof BEFORE>, Partial<typeof BEFORE>]>([
    [{ note: null }, { note: 'a' }],
    [{ enabled: false, note: 'a' }, { enabled: true }],
    [{ permissions: [] }, { permissions: ['x', 'y'] }],
  ])('returns only the members that %j changes', (after, before) => {
    const name = Object.keys(before)[0] as keyof typeof BEFORE;

    expect(changedMembers(BEFORE, after)).toEqual({ before, after: { [name]: after[name] } });
  });

  it('ignores members that the first state does not have', () => {
    expect(changedMembers(BEFORE, { version: 1 } as Partial<typeof BEFORE>)).toBeUndefined();
  });
});
