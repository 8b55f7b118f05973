import { describe, expect, it } from '@jest/globals';
import { type Role } from './role.entity.js';
import { toRoleDto } from './role-list.service.js';

const ROLE: Role = {
  name: 'auditor',
  description: 'Reads everything.',
  permissions: '*:read',
  isBuiltIn: true,
  requiresSecondFactor: false,
  creationTime: Date.UTC(2030, 0, 1),
  version: 3,
};

describe('toRoleDto', () => {
  it('returns the sorted granted permissions instead of the stored ones', () => {
    expect(toRoleDto(ROLE, new Set(['users:read', 'audit:read']), 7)).toEqual({
      name: 'auditor',
      description: 'Reads everything.',
      permissions: ['audit:read', 'users:read'],
      isBuiltIn: true,
      requiresSecondFactor: false,
      userCount: 7,
      creationTime: '2030-01-01T00:00:00.000Z',
      version: 3,
    });
  });

  it('omits an empty description', () => {
    expect(toRoleDto({ ...ROLE, description: '' }, [], 0)).not.toHaveProperty('description');
  });
});
