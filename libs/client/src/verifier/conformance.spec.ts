import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeTime, play, type Vector, VECTORS } from '../../../../test/support/unit/verifier-vectors.js';

beforeEach(fakeTime);

afterEach(() => {
  jest.useRealTimers();
});

describe.each(readdirSync(VECTORS).filter((file) => file !== 'common.json'))('%s', (file) => {
  const vectors = JSON.parse(readFileSync(new URL(file, VECTORS), 'utf8')) as Vector[];

  it.each(vectors)('$name', async (vector) => {
    const [actual, expected] = await play(vector);

    expect(actual).toEqual(expected);
  });
});
