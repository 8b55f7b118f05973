/** Whose thing an operation acts on. */
export type Owner = 'caller' | 'somebody' | 'administrator';

/** A column of the matrix: somebody who calls, and whose things they call for. */
export interface Column {
  readonly title: string;
  /** Roles the caller is made with; `undefined` = nobody calls. */
  readonly roles: readonly string[] | undefined;
  /** What is wrong with the caller's credentials, if anything. */
  readonly flaw?: 'expired' | 'disabled';
  readonly owner: Owner;
  readonly holds: (permission: string) => boolean;
}

/** A role of somebody who administers users and tokens, and nothing else. */
export const DELEGATE_ROLE = {
  name: 'delegate',
  permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write', 'tokens:introspect'],
};

const nothing = () => false;
const isDelegated = (permission: string) => DELEGATE_ROLE.permissions.includes(permission);

/** Who calls every operation (B13 of the requirements). */
export const COLUMNS: readonly Column[] = [
  { title: 'nobody', roles: undefined, owner: 'somebody', holds: nothing },
  {
    title: 'an administrator with an expired token',
    roles: ['admin'],
    flaw: 'expired',
    owner: 'caller',
    holds: nothing,
  },
  { title: 'a disabled administrator', roles: ['admin'], flaw: 'disabled', owner: 'caller', holds: nothing },
  { title: 'a user, on their own', roles: ['user'], owner: 'caller', holds: nothing },
  { title: 'a user, on another’s', roles: ['user'], owner: 'somebody', holds: nothing },
  {
    title: 'an auditor, on another’s',
    roles: ['auditor'],
    owner: 'somebody',
    holds: (permission) => permission.endsWith(':read'),
  },
  {
    title: 'a delegate, on another’s',
    roles: [DELEGATE_ROLE.name],
    owner: 'somebody',
    holds: isDelegated,
  },
  {
    title: 'a delegate, on an administrator’s',
    roles: [DELEGATE_ROLE.name],
    owner: 'administrator',
    holds: isDelegated,
  },
  { title: 'an administrator, on another’s', roles: ['admin'], owner: 'somebody', holds: () => true },
];
