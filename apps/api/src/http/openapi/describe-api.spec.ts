import { describe, expect, it } from '@jest/globals';
import { operationId } from './describe-api.js';

describe('operationId', () => {
  it.each([
    ['UsersController', 'find', 'listUsers'],
    ['UsersController', 'get', 'getUser'],
    ['AuditEventsController', 'find', 'listAuditEvents'],
    ['PoliciesController', 'delete', 'deletePolicy'],
    ['AccessController', 'grant', 'grantAccess'],
    ['UserAccessController', 'resetPassword', 'resetPassword'],
    ['ReportsController', 'list', 'listReports'],
  ])('returns for %s.%s: %s', (controller, method, expected) => {
    expect(operationId(controller, method)).toBe(expected);
  });
});
