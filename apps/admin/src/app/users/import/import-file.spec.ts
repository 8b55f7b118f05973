import { describe, expect, it } from '@jest/globals';
import { IMPORT_BYTES_MAX, readImportFile } from './import-file';

const read = (text: string) => readImportFile(new TextEncoder().encode(text).buffer);

describe('readImportFile', () => {
  it('returns the users with their lines', () => {
    const text =
      '\ufeffname,displayName,roles,enabled,kind\r\nanna,"Ärger,\nAnna",user auditor,true,human\r\n\r\nrobot,,,maybe,\r\n';

    expect(read(text)).toEqual([
      {
        line: 3,
        user: {
          name: 'anna',
          displayName: 'Ärger,\nAnna',
          roles: ['user', 'auditor'],
          enabled: true,
          kind: 'human',
        },
      },
      { line: 5, user: { name: 'robot', enabled: 'maybe' } },
    ]);
  });

  it.each([
    ['an empty file', '', { kind: 'noName' }],
    ['no users', 'name,email\n', { kind: 'empty' }],
    ['semicolons', 'name;email\nanna;a@example.org', { kind: 'separator', separator: ';' }],
    ['tabs', 'name\temail\nanna\ta@example.org', { kind: 'separator', separator: 'Tab' }],
    ['passwords', 'name,password\nanna,x', { kind: 'password' }],
    ['password hashes', 'name,passwordHash\nanna,x', { kind: 'password' }],
    ['no names', 'email\na@example.org', { kind: 'noName' }],
    ['a column twice', 'name,name\nanna,anna', { kind: 'noName' }],
    ['unknown columns', 'name,phone\nanna,1', { kind: 'columns', columns: 'phone' }],
    ['a row with too many cells', 'name\nanna\nbert,1', { kind: 'cells', line: 3 }],
    ['an open quote', 'name\n"anna', { kind: 'csv', line: 2 }],
    ['too many bytes', 'x'.repeat(IMPORT_BYTES_MAX + 1), { kind: 'large' }],
  ])('returns the fault of a file with %s', (_, text, fault) => {
    expect(read(text)).toEqual(fault);
  });

  it('returns the fault of a file in another encoding', () => {
    expect(readImportFile(new Uint8Array([0x6e, 0xe4]).buffer)).toEqual({ kind: 'encoding' });
  });
});
