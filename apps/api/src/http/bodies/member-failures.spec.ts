import { describe, expect, it } from '@jest/globals';
import { CreateTokenDto } from '@latchkey/auth-models';
import { validateSync } from 'class-validator';
import { failuresOf } from './member-failures.js';

describe('failuresOf', () => {
  it('suggests a member for the first unknown one', () => {
    const dto = Object.assign(new CreateTokenDto(), { allowedAdresses: [], expirs: 1, zebra: 1 });
    const failures = failuresOf(validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }));

    expect(failures.map(({ message }) => message)).toEqual([
      'there is no member allowedAdresses; did you mean allowedAddresses?',
      'there is no member expirs',
      'there is no member zebra',
    ]);
  });

  it('suggests nothing for a name unlike all members', () => {
    const dto = Object.assign(new CreateTokenDto(), { help: 1 });
    const failures = failuresOf(validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }));

    expect(failures.map(({ message }) => message)).toEqual(['there is no member help']);
  });
});
