import { plainToInstance } from 'class-transformer';
import { IsInt, ValidateNested, validateSync } from 'class-validator';
import { Nested } from './nested.decorator.js';

class Inner {
  @IsInt()
  count: number;
}

class Outer {
  @ValidateNested({ each: true })
  @Nested(() => Inner)
  inner: Inner | Inner[];
}

const read = (inner: unknown) => plainToInstance(Outer, { inner });

describe('Nested', () => {
  it('makes an instance of one object, and of each of several', () => {
    expect(read({ count: 1 }).inner).toBeInstanceOf(Inner);
    expect(read([{ count: 1 }, { count: 2 }]).inner).toEqual([expect.any(Inner), expect.any(Inner)]);
  });

  it('has them checked by their own rules', () => {
    expect(validateSync(read({ count: 1 }))).toEqual([]);
    expect(validateSync(read([{ count: 1 }, { count: 'x' }]))[0]?.children).toHaveLength(1);
  });

  it.each([undefined, null, 'text', 7, true])('leaves %p for the validators to refuse', (value) => {
    expect(read(value).inner).toBe(value);
  });
});
