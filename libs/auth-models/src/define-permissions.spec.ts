import { describe, expect, it } from '@jest/globals';
import { definePermissions, type PermissionDefinitions, type PermissionOf } from './define-permissions.js';
import { BUILT_IN_PERMISSIONS } from './lists/permissions.js';
import { RESERVED_API_NAMES } from './lists/apis.js';
import {
  PERMISSION_DESCRIPTION_MAX_LENGTH,
  PERMISSIONS_HEADER_MAX,
  PERMISSIONS_PER_API_MAX,
} from './limits.js';

const permissions = definePermissions({
  orders: { read: 'Read orders.', write: 'Create and change orders.' },
  'price-list': { read: 'Read prices.' },
});

/** Fails to compile unless both types are the same. */
const isSame = <A, B>(same: [A] extends [B] ? ([B] extends [A] ? true : false) : false) => same;

describe('definePermissions', () => {
  it('returns the names of the permissions', () => {
    expect(permissions.names).toEqual({
      orders: { read: 'orders:read', write: 'orders:write' },
      'price-list': { read: 'price-list:read' },
    });
  });

  it('returns a body for each API', () => {
    expect(JSON.parse(JSON.stringify(permissions.apis))).toEqual([
      {
        name: 'orders',
        permissions: [
          { name: 'orders:read', description: 'Read orders.' },
          { name: 'orders:write', description: 'Create and change orders.' },
        ],
      },
      { name: 'price-list', permissions: [{ name: 'price-list:read', description: 'Read prices.' }] },
    ]);
  });

  it('has the types of the names', () => {
    const required = (name: PermissionOf<typeof permissions>) => name;

    expect(required(permissions.names.orders.read)).toBe('orders:read');
    expect(
      isSame<PermissionOf<typeof permissions>, 'orders:read' | 'orders:write' | 'price-list:read'>(true),
    ).toBe(true);
    expect(isSame<typeof permissions.names.orders.write, 'orders:write'>(true)).toBe(true);
    // @ts-expect-error: not a permission
    required('orders:delete');
    // @ts-expect-error: not an action
    expect(permissions.names.orders.delete).toBeUndefined();
  });

  it.each([
    ['Orders', { read: 'Read.' }],
    ['orders_1', { read: 'Read.' }],
    ['orders', { Read: 'Read.' }],
    ['orders', { 'read:all': 'Read.' }],
    ['orders', { read: '' }],
    ['orders', { read: 'Two\nlines.' }],
    ['orders', { read: 'x'.repeat(PERMISSION_DESCRIPTION_MAX_LENGTH + 1) }],
    [
      'orders',
      Object.fromEntries(
        Array.from({ length: PERMISSIONS_PER_API_MAX + 1 }, (_, index) => [`a${index}`, 'Act.']),
      ),
    ],
  ])('rejects what the server rejects: %p %p', (api, actions) => {
    expect(() => definePermissions({ [api]: actions })).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(api) }),
    );
  });

  it.each([
    [{ Orders: { read: 'Read.' } }, /^API Orders: an API name has up to 64 /],
    [{ orders: { read: '' } }, /^API orders: orders:read: description must not be empty$/],
  ])('names what is wrong: %j', (definitions, message) => {
    expect(() => definePermissions(definitions as PermissionDefinitions)).toThrow(message);
  });

  it('rejects names that are together longer than a header', () => {
    const actions = Object.fromEntries(
      Array.from({ length: PERMISSIONS_PER_API_MAX }, (_, index) => [`a${index}`.padEnd(64, 'a'), 'Act.']),
    );

    expect(() => definePermissions({ orders: actions })).toThrow(`at most ${PERMISSIONS_HEADER_MAX}`);
  });

  it.each([...RESERVED_API_NAMES, ...Object.keys(BUILT_IN_PERMISSIONS).map((name) => name.split(':')[0])])(
    'rejects the reserved name %s',
    (name) => {
      expect(() => definePermissions({ [String(name)]: { act: 'Act.' } })).toThrow('reserves the name');
    },
  );
});
