import { columnsThatFit } from './list-column';

const COLUMNS = [
  { name: 'name', width: 200, priority: 0 },
  { name: 'created', width: 50, priority: 3 },
  { name: 'roles', width: 100, priority: 1 },
  { name: 'tokens', width: 100, priority: 2 },
  { name: 'actions', width: 80, priority: 0 },
];

describe('columnsThatFit', () => {
  it.each([
    [530, ['name', 'actions', 'roles', 'tokens', 'created']],
    [529, ['name', 'actions', 'roles', 'tokens']],
    [480, ['name', 'actions', 'roles', 'tokens']],
    [479, ['name', 'actions', 'roles']],
    // A less important column does not take the place of a wider one.
    [440, ['name', 'actions', 'roles']],
    [379, ['name', 'actions']],
    [100, ['name', 'actions']],
  ])('returns the most important columns for %i pixels', (room, names) => {
    expect([...columnsThatFit(COLUMNS, room)]).toEqual(names);
  });
});
