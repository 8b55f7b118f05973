import { parseRecent } from './recent-entries';

describe('parseRecent', () => {
  it.each([null, '', '{', 'null', '{}', '[null,1,"a",{"id":1,"label":"a"},{"id":"page:/"}]'])(
    'ignores %s',
    (text) => {
      expect(parseRecent(text)).toEqual([]);
    },
  );

  it('reads at most five entries', () => {
    const entries = Array.from({ length: 9 }, (_, index) => ({ id: `user:${index}`, label: 'x' }));

    expect(parseRecent(JSON.stringify(entries))).toEqual(entries.slice(0, 5));
  });

  it('ignores a detail that is not a string', () => {
    expect(parseRecent('[{"id":"user:ada","label":"ada","detail":{}}]')).toEqual([
      { id: 'user:ada', label: 'ada' },
    ]);
  });
});
