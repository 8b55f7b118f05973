import { scaleFor } from './bar-chart';

describe('scaleFor', () => {
  it.each([
    [0, [2, 1, 0]],
    [1, [2, 1, 0]],
    [4, [4, 3, 2, 1, 0]],
    [5, [6, 4, 2, 0]],
    [37, [40, 30, 20, 10, 0].filter((tick) => tick % 10 === 0)],
    [1_234, [1_500, 1_000, 500, 0]],
  ])('has round steps up to at least %d', (highest, ticks) => {
    expect(scaleFor(highest)).toEqual({ max: ticks[0], ticks });
  });
});
