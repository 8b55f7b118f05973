import { plainToInstance } from 'class-transformer';
import { IsInt, ValidateNested, validateSync } from 'class-validator';
import { Nested } from './nested.js';

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
  it('converts an object and a list of objects to instances', () => {
    expect(read({ count: 1 }).inner).toBeInstanceOf(Inner);
    expect(read([{ count: 1 }, { count: 2 }]).inner).toEqual([expect.any(Inner), expect.any(Inner)]);
  });

  it('lets class-validator check the rules of the class', () => {
    expect(validateSync(read({ count: 1 }))).toEqual([]);
    expect(validateSync(read([{ count: 1 }, { count: 'x' }]))[0]?.children).toHaveLength(1);
  });

  it.each([undefined, null, 'text', 7, true])('leaves %p for the validators to reject', (value) => {
    expect(read(value).inner).toBe(value);
  });
});
