import { parseViews, viewParameters, viewQuery, withView } from './saved-views';

const QUERY = {
  page: 3,
  size: 50,
  sort: '-name',
  q: 'an & b',
  filters: { kind: 'service', enabled: null },
};

describe('a saved view', () => {
  it('has search, filters, order and hidden columns, but no page', () => {
    expect(viewParameters(QUERY, 'roles')).toBe('sort=-name&q=an+%26+b&kind=service&hidden=roles');
  });

  it('opens with its own parameters alone', () => {
    const view = { name: 'Services', parameters: 'sort=-name&q=an+%26+b&hidden=roles' };

    expect(viewQuery(view, QUERY)).toEqual({
      q: 'an & b',
      sort: '-name',
      hidden: 'roles',
      page: null,
      size: null,
      kind: null,
      enabled: null,
    });
  });
});

describe('withView', () => {
  it('replaces the view with the same name, and sorts by name', () => {
    const views = [
      { name: 'B', parameters: 'q=1' },
      { name: 'C', parameters: 'q=2' },
    ];

    expect(
      withView(withView(views, { name: 'B', parameters: 'q=3' }), { name: 'A', parameters: '' }),
    ).toEqual([
      { name: 'A', parameters: '' },
      { name: 'B', parameters: 'q=3' },
      { name: 'C', parameters: 'q=2' },
    ]);
  });
});

describe('parseViews', () => {
  it.each([
    null,
    '',
    '{',
    'null',
    '{}',
    '[null,1,"text",{"name":"A"},{"name":" ","parameters":""},{"name":1,"parameters":""}]',
    JSON.stringify([{ name: 'x'.repeat(41), parameters: '' }]),
    JSON.stringify([{ name: 'A', parameters: 'x'.repeat(16_001) }]),
  ])('ignores %s', (text) => {
    expect(parseViews(text)).toEqual([]);
  });

  it('reads at most 20 views, one for each name', () => {
    const views = Array.from({ length: 60 }, (_, index) => ({ name: `V${index % 30}`, parameters: '' }));

    expect(parseViews(JSON.stringify(views))).toHaveLength(20);
  });
});
